"""What an installation sealed opens after every update: the words that the key is made of do not move with the module."""

from portal.core.accounts.sealing import unsealed

SEALED_LONG_AGO = "gAAAAABrC-_1677MD44vpFOOu8M_HlqBgPtxkxIjWXdM_1gKxZg_xlSglclJYmbsgQmcuoNqBh_N8fq0Syw-Ve_zrUJ85OKKqjqaH8zGloKIxzrh5TO1_eg="


def test_a_secret_of_an_earlier_version_opens(settings):
    settings.SECRET_KEY = "for tests only, never used by an installation"
    assert unsealed(SEALED_LONG_AGO) == "JBSWY3DPEHPK3PXP"
