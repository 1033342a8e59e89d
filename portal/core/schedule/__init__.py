"""What the portal does by itself at set times: declared by the rooms, ordered by the job workers, shown to administrators.

    class RegisterConfig(AppConfig):
        def ready(self):
            keep(Act("register.reading", "逐项核对", cron="30 3 * * *", run=reading.by_night))

`run()` gives a `Report`. Every worker looks whether something is due; the one row a moment (`ScheduledRun`) lets one of
them order it, however many there are. What came due while no worker was there is made up for once, not once for each time.
"""
