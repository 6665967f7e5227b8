//! Comma-separated values as RFC 4180 has them.

/// A line: fields that need quotes have them, the line ends as the standard says.
#[must_use]
pub fn line<Field: AsRef<str>>(fields: &[Field]) -> String {
    let cells: Vec<String> = fields.iter().map(|field| cell(field.as_ref())).collect();
    format!("{}\r\n", cells.join(","))
}

fn cell(field: &str) -> String {
    if field.contains(['"', ',', '\r', '\n']) {
        return format!("\"{}\"", field.replace('"', "\"\""));
    }
    field.to_owned()
}

/// A text that a spreadsheet must not take for a formula.
#[must_use]
pub fn defused(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused() {
        assert_eq!(defused("=1+1"), "'=1+1");
        assert_eq!(defused("1=1"), "1=1");
    }

    #[test]
    fn fields_with_commas_quotes_and_line_ends_are_quoted() {
        assert_eq!(line(&["a", "", "-1"]), "a,,-1\r\n");
        assert_eq!(line(&["a,b", "\"c\"", "d\ne"]), "\"a,b\",\"\"\"c\"\"\",\"d\ne\"\r\n");
    }
}
