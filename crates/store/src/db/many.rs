//! One statement for many rows: SQLite runs the text once a row, PostgreSQL once for all, its
//! `values ($1, …)` made an `unnest` of arrays (performance.md section 2).

use std::collections::BTreeSet;

/// A text for arrays instead of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arrays {
    /// The text.
    pub(super) text: String,
    /// The parameters, from 1, that became arrays; the others are the same for all rows.
    pub(super) arrays: BTreeSet<usize>,
}

/// Rewrites a text for arrays, given the names of its parameters' types. None where it has no
/// `values (…)`, or where a parameter stands inside and outside of it.
pub(super) fn arrays(text: &str, types: &[&str]) -> Option<Arrays> {
    let start = text.find("values (")?;
    let open = start + "values (".len();
    let close = open + closing(text.get(open..)?)?;
    let inside = text.get(open..close)?;
    let arrays = parameters(inside);
    let (before, after) = (text.get(..start)?, text.get(close + 1..)?);
    let outside: BTreeSet<usize> = parameters(before).union(&parameters(after)).copied().collect();
    if arrays.is_empty() || arrays.intersection(&outside).next().is_some() {
        return None;
    }
    let columns = items(inside).into_iter().zip(1..);
    let columns = columns.map(|(item, place)| format!("{} as column{place}", renamed(item)));
    let columns = columns.collect::<Vec<_>>().join(", ");
    let sources =
        arrays.iter().map(|number| Some(format!("${number}::{}[]", types.get(number - 1)?)));
    let sources = sources.collect::<Option<Vec<_>>>()?.join(", ");
    let names: Vec<String> = arrays.iter().map(|number| format!("p{number}")).collect();
    let names = names.join(", ");
    let text = format!("{before}select {columns} from unnest({sources}) as many({names}){after}");
    Some(Arrays { text, arrays })
}

/// Rewrites a text for one row at a time: a list of one row that others are joined to with a comma,
/// `(values (…)) as v, …`, goes, and its columns become the values. SQLite would make a table of it
/// each time.
pub(super) fn single(text: &str) -> String {
    rewritten(text).unwrap_or_else(|| text.to_owned())
}

fn rewritten(text: &str) -> Option<String> {
    let start = text.find("(values (")?;
    let open = start + "(values (".len();
    let close = open + closing(text.get(open..)?)?;
    let after = text.get(close + 1..)?.strip_prefix(") as v,")?;
    let mut single = format!("{}{after}", text.get(..start)?);
    let items = items(text.get(open..close)?);
    // From the last, so that the first is not found in the tenth.
    for (item, place) in items.into_iter().zip(1..).collect::<Vec<_>>().into_iter().rev() {
        let item = item.strip_prefix("cast(").and_then(|item| item.split(' ').next());
        single = single.replace(&format!("v.column{place}"), item?);
    }
    Some(single)
}

/// Where the parenthesis that was opened before the text is closed.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_u32;
    for (place, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(place),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The values of a list, commas in parentheses aside.
fn items(list: &str) -> Vec<&str> {
    let (mut items, mut from, mut depth) = (Vec::new(), 0, 0_u32);
    for (place, byte) in list.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                items.extend(list.get(from..place));
                from = place + 1;
            }
            _ => {}
        }
    }
    items.extend(list.get(from..));
    items.into_iter().map(str::trim).collect()
}

/// The numbers of the parameters in a text.
fn parameters(text: &str) -> BTreeSet<usize> {
    let numbers = text.split('$').skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest.get(..end).and_then(|digits| digits.parse().ok())
    });
    numbers.flatten().collect()
}

/// `$1` as the column `many.p1`.
fn renamed(item: &str) -> String {
    item.replace('$', "many.p")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_arrays_and_constants_stay() {
        let text = "insert into t (a, b, c) values ($1, 'api', coalesce($2, $1)) on conflict x";
        let arrays = arrays(text, &["bigint", "text"]).expect("values");
        let expected = "insert into t (a, b, c) select many.p1 as column1, 'api' as column2, \
                        coalesce(many.p2, many.p1) as column3 \
                        from unnest($1::bigint[], $2::text[]) as many(p1, p2) on conflict x";
        assert_eq!(arrays.text, expected);
    }

    #[test]
    fn what_stands_outside_is_the_same_for_all_rows() {
        let text = "update t set a = column1 from (values ($2)) as v where b = $1";
        let made = arrays(text, &["uuid", "bigint"]).expect("values");
        let expected = "update t set a = column1 from (select many.p2 as column1 \
                        from unnest($2::bigint[]) as many(p2)) as v where b = $1";
        assert_eq!((made.text.as_str(), made.arrays), (expected, BTreeSet::from([2])));
    }

    #[test]
    fn a_list_of_one_row_is_no_table() {
        let text = "select k.a from (values (cast($2 as uuid), cast($3 as text))) as v, keys k \
                    left join t on t.k = k.a where k.r = $1 and k.a = v.column1 \
                    and k.b = v.column2";
        let expected = "select k.a from  keys k \
                        left join t on t.k = k.a where k.r = $1 and k.a = $2 and k.b = $3";
        assert_eq!(single(text), expected);
        for text in ["insert into t (a) values ($1)", "select 1 from (values ($1)) as v join t"] {
            assert_eq!(single(text), text);
        }
    }

    #[test]
    fn other_texts_are_left() {
        for text in [
            "update t set a = $1 where b = $2",
            "insert into t (a) values ($1) on conflict (a) do update set b = $1",
            "insert into t (a) values (1)",
            "insert into t (a) values ($1",
        ] {
            assert_eq!(arrays(text, &["bigint", "bigint"]), None, "{text}");
        }
    }
}
