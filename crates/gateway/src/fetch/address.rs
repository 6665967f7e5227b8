//! Which addresses are never connected to (F4): pure, asked of every address of a name before a
//! connection, and of the peer after it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    base: IpAddr,
    bits: u8,
}

impl Range {
    const fn v4([a, b, c, d]: [u8; 4], bits: u8) -> Self {
        Self { base: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), bits }
    }

    const fn v6([a, b]: [u16; 2], bits: u8) -> Self {
        Self { base: IpAddr::V6(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0)), bits }
    }

    /// Reads `198.51.100.0/24`, `2001:db8::/32` or a single address. A mapped range is taken as the
    /// v4 range that it maps.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (base, bits) = match text.split_once('/') {
            Some((base, bits)) => (base, Some(bits)),
            None => (text, None),
        };
        let written: IpAddr = base.parse().ok()?;
        let base = written.to_canonical();
        let bits = match bits {
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => bits.parse().ok()?,
            Some(_) => return None,
            None => width(written),
        };
        let bits = bits.checked_sub(width(written) - width(base))?;
        (bits <= width(base)).then_some(Self { base, bits })
    }

    /// Whether an address is in it; a mapped one as the v4 address that it maps.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        let left_out = u32::from(width(self.base) - self.bits);
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let differing = base.to_bits() ^ address.to_bits();
                differing.checked_shr(left_out).unwrap_or(0) == 0
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                let differing = base.to_bits() ^ address.to_bits();
                differing.checked_shr(left_out).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

const fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// Of v4, what is not a public host of its own (F4): this network, private, shared, loopback,
/// link-local, protocol assignments, documentation, 6to4 relays, benchmarks, multicast, reserved.
const FORBIDDEN_V4: [Range; 15] = [
    Range::v4([0, 0, 0, 0], 8),
    Range::v4([10, 0, 0, 0], 8),
    Range::v4([100, 64, 0, 0], 10),
    Range::v4([127, 0, 0, 0], 8),
    Range::v4([169, 254, 0, 0], 16),
    Range::v4([172, 16, 0, 0], 12),
    Range::v4([192, 0, 0, 0], 24),
    Range::v4([192, 0, 2, 0], 24),
    Range::v4([192, 88, 99, 0], 24),
    Range::v4([192, 168, 0, 0], 16),
    Range::v4([198, 18, 0, 0], 15),
    Range::v4([198, 51, 100, 0], 24),
    Range::v4([203, 0, 113, 0], 24),
    Range::v4([224, 0, 0, 0], 4),
    Range::v4([240, 0, 0, 0], 4),
];

/// Of v6, all that is given out to hosts today (F4).
const GLOBAL_V6: Range = Range::v6([0x2000, 0], 3);

/// Of that, what carries other addresses or is for documents (F4): Teredo and other protocol
/// assignments, documentation, 6to4.
const FORBIDDEN_V6: [Range; 4] = [
    Range::v6([0x2001, 0], 23),
    Range::v6([0x2001, 0x0db8], 32),
    Range::v6([0x2002, 0], 16),
    Range::v6([0x3fff, 0], 20),
];

/// Whether an address is a public host's (F4), mapped ones unmapped first.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    let address = address.to_canonical();
    let is_in = |ranges: &[Range]| ranges.iter().any(|range| range.contains(address));
    match address {
        IpAddr::V4(_) => !is_in(&FORBIDDEN_V4),
        IpAddr::V6(_) => GLOBAL_V6.contains(address) && !is_in(&FORBIDDEN_V6),
    }
}

/// The rule about addresses of one instance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// What the operator forbids besides.
    pub forbidden: Vec<Range>,
    /// Single addresses that a test may reach, whatever they are (F7).
    pub test_allow: Vec<IpAddr>,
}

impl Addresses {
    /// Whether an address may be connected to; `own` are the instance's own.
    #[must_use]
    pub fn may_reach(&self, address: IpAddr, own: &[IpAddr]) -> bool {
        let address = address.to_canonical();
        let is_same = |other: &IpAddr| other.to_canonical() == address;
        if self.test_allow.iter().any(is_same) {
            return true;
        }
        is_public(address)
            && !own.iter().any(is_same)
            && !self.forbidden.iter().any(|range| range.contains(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect(text)
    }

    #[test]
    fn the_ends_of_every_forbidden_range_are_forbidden_and_what_is_beside_is_not() {
        let ranges = [
            ("0.0.0.0", "0.255.255.255", "", "1.0.0.0"),
            ("10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"),
            ("100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"),
            ("127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"),
            ("169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"),
            ("172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"),
            ("192.0.0.0", "192.0.0.255", "191.255.255.255", "192.0.1.0"),
            ("192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0"),
            ("192.88.99.0", "192.88.99.255", "192.88.98.255", "192.88.100.0"),
            ("192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"),
            ("198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0"),
            ("198.51.100.0", "198.51.100.255", "198.51.99.255", "198.51.101.0"),
            ("203.0.113.0", "203.0.113.255", "203.0.112.255", "203.0.114.0"),
            ("224.0.0.0", "239.255.255.255", "223.255.255.255", ""),
            ("240.0.0.0", "255.255.255.255", "", ""),
            ("::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", ""),
            ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2000:ffff::", "2001:200::"),
            ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db7::", "2001:db9::"),
            ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:ffff::", "2003::"),
            ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3ffe:ffff::", "3fff:1000::"),
            ("4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", ""),
        ];
        for (first, last, before, after) in ranges {
            assert!(!is_public(ip(first)), "{first}");
            assert!(!is_public(ip(last)), "{last}");
            for beside in [before, after].into_iter().filter(|beside| !beside.is_empty()) {
                assert!(is_public(ip(beside)), "{beside}");
            }
        }
    }

    #[test]
    fn an_address_in_another_coat_is_forbidden() {
        for text in [
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "::ffff:0:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:10::1",
            "2001:20::1",
            "2002:7f00:1::",
            "2002:808:808::",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(ip(text)), "{text}");
        }
        assert!(is_public(ip("::ffff:8.8.8.8")));
    }

    #[test]
    fn the_operators_ranges_and_our_own_addresses_are_forbidden_too() {
        let rule = Addresses {
            forbidden: vec![Range::parse("8.8.8.0/24").expect("a range")],
            test_allow: Vec::new(),
        };
        let own = [ip("9.9.9.9"), ip("2620:fe::fe")];
        assert!(rule.may_reach(ip("8.8.4.4"), &own));
        assert!(rule.may_reach(ip("9.9.9.10"), &own));
        for text in ["8.8.8.8", "::ffff:8.8.8.8", "9.9.9.9", "::ffff:9.9.9.9", "2620:fe::fe"] {
            assert!(!rule.may_reach(ip(text), &own), "{text}");
        }
    }

    #[test]
    fn a_test_reaches_the_addresses_that_it_names_and_no_neighbour() {
        let rule = Addresses { forbidden: Vec::new(), test_allow: vec![ip("127.0.0.2")] };
        assert!(rule.may_reach(ip("127.0.0.2"), &[]));
        assert!(rule.may_reach(ip("::ffff:127.0.0.2"), &[]));
        assert!(!rule.may_reach(ip("127.0.0.1"), &[]));
        assert!(!rule.may_reach(ip("127.0.0.3"), &[]));
        assert!(!rule.may_reach(ip("10.0.0.1"), &[]));
    }

    #[test]
    fn ranges_are_read_strictly() {
        let all = Range::parse("0.0.0.0/0").expect("all of v4");
        assert!(all.contains(ip("255.1.2.3")) && !all.contains(ip("2620:fe::fe")));
        let all = Range::parse("::/0").expect("all of v6");
        assert!(all.contains(ip("2620:fe::fe")) && !all.contains(ip("1.2.3.4")));
        let mapped = Range::parse("::ffff:8.8.8.0/120").expect("a mapped range");
        assert!(mapped.contains(ip("8.8.8.1")) && !mapped.contains(ip("8.8.9.1")));
        for text in [
            "",
            "/",
            "/8",
            "8.8.8.8/",
            "8.8.8.8/33",
            "8.8.8.8/-1",
            "8.8.8.8/+8",
            "8.8.8/24",
            "::/129",
            "8.8.8.8/8/8",
            "example.org",
            "::ffff:8.8.8.0/95",
            "8.8.8.8/ 8",
        ] {
            assert_eq!(Range::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_mapped_address_is_what_it_maps(bits: u32) {
            let plain = Ipv4Addr::from_bits(bits);
            let mapped = IpAddr::V6(plain.to_ipv6_mapped());
            prop_assert_eq!(is_public(IpAddr::V4(plain)), is_public(mapped));
        }

        #[test]
        fn only_two_to_the_125_addresses_of_v6_can_be_public(bits: u128) {
            let address = Ipv6Addr::from_bits(bits);
            if address.to_ipv4_mapped().is_none() && is_public(IpAddr::V6(address)) {
                prop_assert_eq!(bits >> 125, 1);
            }
        }

        #[test]
        fn a_range_is_all_with_the_same_first_bits(base: u32, other: u32, bits in 0_u8..=32) {
            let text = format!("{}/{bits}", Ipv4Addr::from_bits(base));
            let range = Range::parse(&text).expect("a range");
            let is_same = (0..u32::from(bits)).all(|bit| (base ^ other) >> (31 - bit) & 1 == 0);
            prop_assert_eq!(range.contains(IpAddr::V4(Ipv4Addr::from_bits(other))), is_same);
        }
    }
}
