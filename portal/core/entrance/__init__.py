"""The one door: sign-up, sign-in, second factor and the person's own account, for enterprises and staff alike."""
