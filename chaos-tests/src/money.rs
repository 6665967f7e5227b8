//! Amounts in millionths, read from and written to the decimals of the API.

/// As the API takes it: two decimals, more where there are more.
pub fn print(micros: i64) -> String {
    let (units, rest) = (micros / 1_000_000, micros % 1_000_000);
    let mut text = format!("{units}.{rest:06}");
    while text.ends_with("0000") || (text.ends_with('0') && decimals(&text) > 2) {
        text.pop();
    }
    text
}

fn decimals(text: &str) -> usize {
    text.split_once('.').map_or(0, |(_, fraction)| fraction.len())
}

/// Reads what the API writes; none for what is no amount.
pub fn parse(text: &str) -> Option<i64> {
    let (units, fraction) = text.split_once('.').unwrap_or((text, ""));
    let units: i64 = units.parse().ok()?;
    let rest: i64 = format!("{fraction:0<6}").parse().ok().filter(|_| fraction.len() <= 6)?;
    units.checked_mul(1_000_000)?.checked_add(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_back() {
        for (micros, text) in
            [(0, "0.00"), (2_000_000, "2.00"), (1, "0.000001"), (12_340_000, "12.34")]
        {
            assert_eq!(print(micros), text);
            assert_eq!(parse(text), Some(micros));
        }
        assert_eq!(parse("7"), Some(7_000_000));
        assert_eq!(parse("x"), None);
    }
}
