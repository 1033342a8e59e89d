"""Self-inspection: the site measures on itself what inspections of official sites ask for."""
