"""`/poster/`: any product list of any place on one sheet for the wall of a village, and in words for a group and a loudspeaker."""
