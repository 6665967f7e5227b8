//! Account numbers of the SEPA countries (ISO 13616), checked when they are typed.

use std::fmt;

use iban::IbanLike;
use obole_domain::Refusal;

/// Countries whose banks take part in SEPA, with the length of their account numbers.
const SEPA_COUNTRIES: &[(&str, usize)] = &[
    ("AD", 24),
    ("AL", 28),
    ("AT", 20),
    ("BE", 16),
    ("BG", 22),
    ("CH", 21),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("EE", 20),
    ("ES", 24),
    ("FI", 18),
    ("FR", 27),
    ("GB", 22),
    ("GI", 23),
    ("GR", 27),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IS", 26),
    ("IT", 27),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MT", 31),
    ("NL", 18),
    ("NO", 15),
    ("PL", 28),
    ("PT", 25),
    ("RO", 24),
    ("RS", 22),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("VA", 22),
];

/// No account number has more characters, even with a space between all of them.
const TYPED_MAX: usize = 80;

/// A valid account number of a SEPA country. Printing it for a log shows the last four only.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Iban(iban::Iban);

impl Iban {
    /// Reads what somebody typed: spaces and lower case do no harm. Anything else that is not
    /// exactly an account number, or not of a SEPA country, is refused.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let malformed = Refusal::IbanMalformed {};
        if text.len() > TYPED_MAX {
            return Err(malformed);
        }
        let spaceless = text.chars().filter(|letter| !letter.is_whitespace());
        let folded: String = spaceless.map(|letter| letter.to_ascii_uppercase()).collect();
        let parsed: iban::Iban = folded.parse().map_err(|_| Refusal::IbanMalformed {})?;
        let wanted = (parsed.country_code(), parsed.electronic_str().len());
        SEPA_COUNTRIES.contains(&wanted).then_some(Self(parsed)).ok_or(malformed)
    }

    /// Without spaces, as banks and our database keep it.
    #[must_use]
    pub fn electronic(&self) -> &str {
        self.0.electronic_str()
    }

    /// In groups of four, as people read it. Only its owner and the bank may see this.
    #[must_use]
    pub fn grouped(&self) -> String {
        self.0.to_string()
    }

    /// What pages show of it.
    #[must_use]
    pub fn last_four(&self) -> &str {
        let electronic = self.electronic();
        electronic.get(electronic.len() - 4..).unwrap_or_default()
    }

    /// The two letters of its country.
    #[must_use]
    pub fn country(&self) -> &str {
        self.0.country_code()
    }
}

impl fmt::Debug for Iban {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Iban(…{})", self.last_four())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The samples of the ISO 13616 registry, one a country.
    const SAMPLES: &[&str] = &[
        "AD1200012030200359100100",
        "AL47212110090000000235698741",
        "AT611904300234573201",
        "BE68539007547034",
        "BG80BNBG96611020345678",
        "CH9300762011623852957",
        "CY17002001280000001200527600",
        "CZ6508000000192000145399",
        "DE89370400440532013000",
        "DK5000400440116243",
        "EE382200221020145685",
        "ES9121000418450200051332",
        "FI2112345600000785",
        "FR1420041010050500013M02606",
        "GB29NWBK60161331926819",
        "GI75NWBK000000007099453",
        "GR1601101250000000012300695",
        "HR1210010051863000160",
        "HU42117730161111101800000000",
        "IE29AIBK93115212345678",
        "IS140159260076545510730339",
        "IT60X0542811101000000123456",
        "LI21088100002324013AA",
        "LT121000011101001000",
        "LU280019400644750000",
        "LV80BANK0000435195001",
        "MC5811222000010123456789030",
        "MD24AG000225100013104168",
        "ME25505000012345678951",
        "MK07250120000058984",
        "MT84MALT011000012345MTLCAST001S",
        "NL91ABNA0417164300",
        "NO9386011117947",
        "PL61109010140000071219812874",
        "PT50000201231234567890154",
        "RO49AAAA1B31007593840000",
        "RS35260005601001611379",
        "SE4550000000058398257466",
        "SI56263300012039086",
        "SK3112000000198742637541",
        "SM86U0322509800000000270100",
        "VA59001123000012345678",
    ];

    fn is_refused(text: &str) -> bool {
        Iban::parse(text) == Err(Refusal::IbanMalformed {})
    }

    /// Puts the right check digits into `CC00…`, so that only the length or the country is wrong.
    fn with_check_digits(country: &str, rest: &str) -> String {
        let rotated = format!("{rest}{country}00");
        let remainder = rotated.chars().fold(0_u32, |sum, letter| {
            let value = letter.to_digit(36).expect("a letter or digit");
            (sum * if value > 9 { 100 } else { 10 } + value) % 97
        });
        format!("{country}{:02}{rest}", 98 - remainder)
    }

    #[test]
    fn every_sepa_country_is_known_at_its_length() {
        assert_eq!(SAMPLES.len(), SEPA_COUNTRIES.len());
        for (sample, (country, length)) in SAMPLES.iter().zip(SEPA_COUNTRIES) {
            let iban = Iban::parse(sample).expect(sample);
            assert_eq!((iban.country(), iban.electronic()), (*country, *sample));
            assert_eq!(sample.len(), *length, "{sample}");
        }
    }

    #[test]
    fn a_wrong_length_is_refused_even_with_right_check_digits() {
        for sample in SAMPLES {
            let (country, rest) = (sample.get(..2).expect("two"), sample.get(4..).expect("more"));
            assert_eq!(with_check_digits(country, rest), *sample);
            let longer = with_check_digits(country, &format!("{rest}0"));
            let shorter = with_check_digits(country, rest.get(..rest.len() - 1).expect("one less"));
            assert!(is_refused(&longer) && is_refused(&shorter), "{sample}");
        }
    }

    #[test]
    fn two_digits_exchanged_are_refused() {
        let mut tried = 0;
        for sample in SAMPLES {
            let bytes = sample.as_bytes();
            for place in 0..bytes.len() - 1 {
                let mut exchanged = bytes.to_vec();
                exchanged.swap(place, place + 1);
                let pair = bytes.get(place..place + 2).expect("two");
                if exchanged != bytes && pair.iter().all(u8::is_ascii_digit) {
                    let exchanged = String::from_utf8(exchanged).expect("text");
                    assert!(is_refused(&exchanged), "{exchanged} from {sample}");
                    tried += 1;
                }
            }
        }
        assert!(tried > 300, "{tried} tried");
    }

    #[test]
    fn what_people_type_is_read_and_other_things_are_refused() {
        let iban = Iban::parse(" fr14 2004 1010 0505 0001 3m02 606\u{a0}").expect("an IBAN");
        assert_eq!(iban.electronic(), "FR1420041010050500013M02606");
        assert_eq!(iban.grouped(), "FR14 2004 1010 0505 0001 3M02 606");
        assert_eq!(iban.last_four(), "2606");
        let spaced = "F R 1 4 2 0 0 4 1 0 1 0 0 5 0 5 0 0 0 1 3 M 0 2 6 0 6";
        assert_eq!(Iban::parse(spaced), Ok(iban));
        for text in [
            "",
            "FR14",
            "FR14-2004-1010-0505-0001-3M02-606",
            "FR1420041010050500013M02607",
            "ＦＲ1420041010050500013M02606",
            "BR1800360305000010009795493C1",
            "TR330006100519786457841326",
            "AE070331234567890123456",
        ] {
            assert!(is_refused(text), "{text:?}");
        }
        assert!(is_refused(&"1".repeat(10_000)));
    }

    #[test]
    fn a_log_never_shows_it_whole() {
        let iban = Iban::parse("DE89370400440532013000").expect("an IBAN");
        assert_eq!(format!("{iban:?}"), "Iban(…3000)");
    }
}
