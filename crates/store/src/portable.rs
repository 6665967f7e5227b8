//! A whole database as a stream of bytes that is the same for both engines: tables by name, rows by
//! column, four kinds of values. What one engine wrote, the other takes. Numbers are as short as
//! they can be, and a value that repeats the one above it is one byte: in tables that are kept in
//! key order most are.

use std::io::{self, ErrorKind, Read, Write};

use crate::db::{Cell, Table, Value};

/// The longest value: no column holds more.
const BYTES_MAX: u64 = 1 << 28;

/// The longest name, and the most columns of a table.
const NAME_MAX: u64 = 200;

const TABLE: u8 = b'T';
const ROW: u8 = b'R';
const TABLE_END: u8 = b'E';
const END: u8 = b'Z';

const NULL: u8 = 0;
const INTEGER: u8 = 1;
const TEXT: u8 = 2;
const BYTES: u8 = 3;
const AS_ABOVE: u8 = 4;

/// What a stream holds, for who tells of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many tables.
    pub tables: u64,
    /// How many rows in all.
    pub rows: u64,
}

/// Writes a stream.
pub struct PortableWriter<W> {
    out: W,
    above: Vec<Value>,
    rows: u64,
    counts: Counts,
}

impl<W: Write> PortableWriter<W> {
    /// Begins a stream; `head` says what it is, in the writer's own words.
    pub fn begin(mut out: W, head: &[u8]) -> io::Result<Self> {
        write_bytes(&mut out, head)?;
        Ok(Self { out, above: Vec::new(), rows: 0, counts: Counts::default() })
    }

    /// Begins a table.
    pub fn table(&mut self, table: &Table) -> io::Result<()> {
        self.out.write_all(&[TABLE])?;
        write_bytes(&mut self.out, table.name.as_bytes())?;
        write_number(&mut self.out, table.columns.len() as u64)?;
        for column in &table.columns {
            write_bytes(&mut self.out, column.as_bytes())?;
        }
        self.above = vec![Value::Null; table.columns.len()];
        self.rows = 0;
        Ok(())
    }

    /// Writes a row of the table that was begun.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        if cells.len() != self.above.len() {
            return Err(broken("a row of another length than its table"));
        }
        self.out.write_all(&[ROW])?;
        let is_first = self.rows == 0;
        for (cell, above) in cells.iter().zip(&mut self.above) {
            let value = plain(*cell);
            if !is_first && is_same(value, above) {
                self.out.write_all(&[AS_ABOVE])?;
                continue;
            }
            write_cell(&mut self.out, value)?;
            *above = owned(value);
        }
        self.rows += 1;
        Ok(())
    }

    /// Ends the table.
    pub fn table_end(&mut self) -> io::Result<()> {
        self.out.write_all(&[TABLE_END])?;
        write_number(&mut self.out, self.rows)?;
        self.counts.tables += 1;
        self.counts.rows += self.rows;
        Ok(())
    }

    /// Ends the stream.
    pub fn finish(mut self) -> io::Result<(W, Counts)> {
        self.out.write_all(&[END])?;
        write_number(&mut self.out, self.counts.tables)?;
        write_number(&mut self.out, self.counts.rows)?;
        Ok((self.out, self.counts))
    }

    /// How much was written so far.
    #[must_use]
    pub const fn counts(&self) -> Counts {
        Counts { tables: self.counts.tables, rows: self.counts.rows + self.rows }
    }
}

/// What comes next in a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Portable {
    /// A table begins.
    Table(Table),
    /// A row of it.
    Row(Vec<Value>),
    /// It ends.
    TableEnd,
    /// The stream ends, and holds as much as was written.
    End(Counts),
}

/// Reads a stream. What is not one is an error of the kind `InvalidData`.
pub struct PortableReader<R> {
    input: R,
    above: Vec<Value>,
    rows: u64,
    counts: Counts,
}

impl<R: Read> PortableReader<R> {
    /// Begins to read and gives the head.
    pub fn begin(mut input: R) -> io::Result<(Self, Vec<u8>)> {
        let head = read_bytes(&mut input, BYTES_MAX)?;
        Ok((Self { input, above: Vec::new(), rows: 0, counts: Counts::default() }, head))
    }

    /// What comes next; nothing may follow the end.
    pub fn read_next(&mut self) -> io::Result<Portable> {
        match read_byte(&mut self.input)? {
            TABLE => self.table(),
            ROW => self.row(),
            TABLE_END => {
                let rows = read_number(&mut self.input)?;
                if rows != self.rows {
                    return Err(broken("another number of rows than was written"));
                }
                self.counts.tables += 1;
                self.counts.rows += rows;
                Ok(Portable::TableEnd)
            }
            END => {
                let tables = read_number(&mut self.input)?;
                let counts = Counts { tables, rows: read_number(&mut self.input)? };
                let is_over = self.input.read(&mut [0])? == 0;
                if counts != self.counts || !is_over {
                    return Err(broken("another end than was written"));
                }
                Ok(Portable::End(counts))
            }
            _ => Err(broken("not a record")),
        }
    }

    fn table(&mut self) -> io::Result<Portable> {
        let name = read_name(&mut self.input)?;
        let count = read_number(&mut self.input)?;
        if count > NAME_MAX {
            return Err(broken("more columns than a table has"));
        }
        let columns = (0..count).map(|_| read_name(&mut self.input)).collect::<io::Result<_>>()?;
        let table = Table { name, columns };
        self.above = vec![Value::Null; table.columns.len()];
        self.rows = 0;
        Ok(Portable::Table(table))
    }

    fn row(&mut self) -> io::Result<Portable> {
        for above in &mut self.above {
            match read_byte(&mut self.input)? {
                AS_ABOVE if self.rows > 0 => {}
                NULL => *above = Value::Null,
                INTEGER => *above = Value::Integer(from_zigzag(read_number(&mut self.input)?)),
                TEXT => {
                    let text = String::from_utf8(read_bytes(&mut self.input, BYTES_MAX)?);
                    *above = Value::Text(text.map_err(|_| broken("not text"))?);
                }
                BYTES => *above = Value::Bytes(read_bytes(&mut self.input, BYTES_MAX)?),
                _ => return Err(broken("not a value")),
            }
        }
        self.rows += 1;
        Ok(Portable::Row(self.above.clone()))
    }
}

/// The four kinds that both engines have: SQLite keeps a boolean as a number and a UUID as bytes.
fn plain(cell: Cell<'_>) -> Cell<'_> {
    match cell {
        Cell::Boolean(flag) => Cell::Integer(i64::from(flag)),
        other => other,
    }
}

fn is_same(cell: Cell<'_>, value: &Value) -> bool {
    match (cell, value) {
        (Cell::Null, Value::Null) => true,
        (Cell::Integer(one), Value::Integer(other)) => one == *other,
        (Cell::Text(one), Value::Text(other)) => one == other,
        (Cell::Bytes(one), Value::Bytes(other)) => one == other,
        (Cell::Uuid(one), Value::Bytes(other)) => one.as_bytes() == other.as_slice(),
        _ => false,
    }
}

fn owned(cell: Cell<'_>) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Integer(number) => Value::Integer(number),
        Cell::Boolean(flag) => Value::Integer(i64::from(flag)),
        Cell::Text(text) => Value::Text(text.to_owned()),
        Cell::Bytes(bytes) => Value::Bytes(bytes.to_vec()),
        Cell::Uuid(uuid) => Value::Bytes(uuid.as_bytes().to_vec()),
    }
}

fn write_cell(out: &mut impl Write, cell: Cell<'_>) -> io::Result<()> {
    let (kind, bytes) = match &cell {
        Cell::Null => return out.write_all(&[NULL]),
        Cell::Boolean(flag) => return write_integer(out, i64::from(*flag)),
        Cell::Integer(number) => return write_integer(out, *number),
        Cell::Text(text) => (TEXT, text.as_bytes()),
        Cell::Bytes(bytes) => (BYTES, *bytes),
        Cell::Uuid(uuid) => (BYTES, uuid.as_bytes().as_slice()),
    };
    out.write_all(&[kind])?;
    write_bytes(out, bytes)
}

fn write_integer(out: &mut impl Write, number: i64) -> io::Result<()> {
    out.write_all(&[INTEGER])?;
    write_number(out, to_zigzag(number))
}

/// Small numbers of either sign become small ones without.
const fn to_zigzag(number: i64) -> u64 {
    (number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned()
}

const fn from_zigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}

/// Seven bits a byte, the lowest first.
fn write_number(out: &mut impl Write, mut number: u64) -> io::Result<()> {
    let mut bytes = [0; 10];
    let mut length = 0;
    for byte in &mut bytes {
        length += 1;
        *byte = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            break;
        }
        *byte |= 0x80;
    }
    out.write_all(bytes.get(..length).unwrap_or_default())
}

fn read_number(input: &mut impl Read) -> io::Result<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = read_byte(input)?;
        let bits = u64::from(byte & 0x7f);
        if shift == 63 && bits > 1 {
            break;
        }
        number |= bits << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(broken("not a number"))
}

fn read_byte(input: &mut impl Read) -> io::Result<u8> {
    let mut byte = [0];
    input.read_exact(&mut byte).map_err(early)?;
    let [byte] = byte;
    Ok(byte)
}

fn write_bytes(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    write_number(out, bytes.len() as u64)?;
    out.write_all(bytes)
}

/// Bytes of a length that is told first: what is not there takes no memory.
fn read_bytes(input: &mut impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let length = read_number(input)?;
    if length > limit {
        return Err(broken("longer than a value can be"));
    }
    let mut bytes = Vec::new();
    input.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(broken("an early end")) }
}

/// A table's or column's name, which becomes part of a statement: letters and underscores only.
fn read_name(input: &mut impl Read) -> io::Result<String> {
    let name = String::from_utf8(read_bytes(input, NAME_MAX)?).map_err(|_| broken("not a name"))?;
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let fits = !name.is_empty() && name.bytes().all(is_plain);
    if fits { Ok(name) } else { Err(broken("not a name")) }
}

fn early(error: io::Error) -> io::Error {
    if error.kind() == ErrorKind::UnexpectedEof { broken("an early end") } else { error }
}

fn broken(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("a backup's content is broken: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn a_table() -> Table {
        let columns = ["id", "number", "is_on", "words"].map(str::to_owned).to_vec();
        Table { name: "things".to_owned(), columns }
    }

    fn written(rows: &[Vec<Cell<'_>>]) -> Vec<u8> {
        let mut writer = PortableWriter::begin(Vec::new(), b"head").expect("begun");
        writer.table(&a_table()).expect("a table");
        rows.iter().for_each(|row| writer.row(row).expect("a row"));
        writer.table_end().expect("ended");
        let (bytes, counts) = writer.finish().expect("finished");
        assert_eq!(counts, Counts { tables: 1, rows: rows.len() as u64 });
        bytes
    }

    fn read(bytes: &[u8]) -> io::Result<Vec<Portable>> {
        let (mut reader, head) = PortableReader::begin(bytes)?;
        assert_eq!(head, b"head");
        let mut records = Vec::new();
        loop {
            records.push(reader.read_next()?);
            if matches!(records.last(), Some(Portable::End(_))) {
                return Ok(records);
            }
        }
    }

    #[test]
    fn both_engines_write_the_same_bytes() {
        let id = Uuid::from_u128(7);
        let postgres = [Cell::Uuid(id), Cell::Integer(-1), Cell::Boolean(true), Cell::Text("é")];
        let sqlite =
            [Cell::Bytes(id.as_bytes()), Cell::Integer(-1), Cell::Integer(1), Cell::Text("é")];
        let twice = |row: &[Cell<'_>]| written(&[row.to_vec(), row.to_vec()]);
        assert_eq!(twice(&postgres), twice(&sqlite));
    }

    #[test]
    fn what_was_written_is_read() {
        let numbers = [0, 1, -1, 63, -64, 64, i64::MAX, i64::MIN, i64::MIN];
        let rows: Vec<Vec<Cell<'_>>> = numbers
            .iter()
            .map(|number| {
                vec![Cell::Bytes(&[1, 2]), Cell::Integer(*number), Cell::Null, Cell::Text("")]
            })
            .collect();
        let records = read(&written(&rows)).expect("a stream");
        let read: Vec<Vec<Value>> = records
            .into_iter()
            .filter_map(|record| if let Portable::Row(row) = record { Some(row) } else { None })
            .collect();
        let expected: Vec<Vec<Value>> =
            rows.iter().map(|row| row.iter().map(|cell| owned(*cell)).collect()).collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn what_repeats_is_short() {
        let text = "x".repeat(1_000);
        let row = vec![Cell::Text(&text), Cell::Null, Cell::Null, Cell::Null];
        assert!(written(&vec![row; 100]).len() < 2_000);
    }

    #[test]
    fn no_part_of_a_stream_is_a_stream() {
        let bytes = written(&[vec![Cell::Integer(5), Cell::Null, Cell::Null, Cell::Text("a")]]);
        assert!(read(&bytes).is_ok());
        for length in 5..bytes.len() {
            let error = read(&bytes[..length]).expect_err("cut short");
            assert_eq!(error.kind(), ErrorKind::InvalidData, "{length}");
        }
        let longer = [&bytes[..], &[0]].concat();
        assert!(read(&longer).is_err());
    }

    #[test]
    fn a_name_never_carries_a_statement() {
        let table = Table { name: "t; drop".to_owned(), columns: vec!["a".to_owned()] };
        let mut writer = PortableWriter::begin(Vec::new(), b"head").expect("begun");
        writer.table(&table).expect("written");
        writer.table_end().expect("ended");
        let (bytes, _) = writer.finish().expect("finished");
        assert!(read(&bytes).is_err());
    }

    #[test]
    fn a_length_alone_takes_no_memory() {
        let mut bytes = Vec::new();
        write_number(&mut bytes, BYTES_MAX).expect("written");
        assert!(PortableReader::begin(&bytes[..]).is_err());
        let mut bytes = Vec::new();
        write_number(&mut bytes, u64::MAX).expect("written");
        assert!(PortableReader::begin(&bytes[..]).is_err());
    }
}
