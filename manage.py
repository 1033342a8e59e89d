#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    from portal.core.busy import fault_of
    from portal.environment import BadSetting

    try:
        execute_from_command_line(sys.argv)
    except BadSetting as fault:
        sys.exit(f"The portal cannot start: {fault}")
    except Exception as error:
        if (fault := fault_of(error)) is None:
            raise
        sys.exit(f"refused: {fault.told.replace(' ', '.')}\n{error}\n{fault.advice}")


if __name__ == "__main__":
    main()
