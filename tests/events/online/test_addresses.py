"""Where readers may be sent: https and a host of the table, and nothing that a browser would read otherwise."""

import pytest

from events.online.addresses import BadAddress, checked, checked_host, is_allowed

HOSTS = ["item.jd.com", "mall.jd.com"]


@pytest.mark.parametrize(
    "url", ["https://item.jd.com/100.html", "https://mall.jd.com/index-1.html?a=1&b=2", "https://item.jd.com"]
)
def test_a_page_of_an_allowed_host_is_taken_as_it_is(url):
    assert checked(url, HOSTS) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://item.jd.com/1.html",
        "//item.jd.com/1.html",
        "item.jd.com/1.html",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://item.jd.com/",
        "https://jd.com/",
        "https://evil.com/",
        "https://evil.item.jd.com/",
        "https://item.jd.com.evil.com/",
        "https://item.jd.com@evil.com/",
        "https://evil.com#@item.jd.com/",
        "https://evil.com\\@item.jd.com/",
        "https://item.jd.com\\.evil.com/",
        "https:\\\\item.jd.com/",
        "https:///item.jd.com/",
        "https:item.jd.com/",
        "https://user:pass@item.jd.com/",
        "https://item.jd.com:8443/",
        "https://item.jd.com:/",
        "https://item.jd.com./",
        "https://ITEM.JD.COM/",
        "https://item.jd.com/\u202ehtml",
        "https://item.jd.com/a b",
        "https://item.jd.com/\x00",
        "https://item.jd.com/\n",
        " https://item.jd.com/",
        "https://item。jd。com/",
        "https://ｉtem.jd.com/",
        "https://[::1]/",
        "https://[item.jd.com/",
        "https://item.jd.com/<script>",
        "https://item.jd.com/" + "a" * 400,
        "HTTPS://item.jd.com/",
    ],
)
def test_anything_else_is_refused_with_a_sentence(url):
    with pytest.raises(BadAddress) as refusal:
        checked(url, HOSTS)
    assert str(refusal.value).endswith(("。", "com。"))
    assert not is_allowed(url, HOSTS)


@pytest.mark.parametrize("host", ["item.jd.com", " Mall.JD.com "])
def test_a_host_is_kept_in_lower_case(host):
    assert checked_host(host) == host.strip().lower()


@pytest.mark.parametrize(
    "host", ["", "jd", "https://jd.com", "jd.com/", "*.jd.com", "jd .com", "-a.com", "1.2.3.4", "京东.com"]
)
def test_what_is_no_host_is_refused(host):
    with pytest.raises(BadAddress):
        checked_host(host)
