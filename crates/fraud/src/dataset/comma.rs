//! CSV in and out: comma separated, quoted by RFC 4180, UTF-8, the first line names the columns.

use std::io::{BufWriter, Read, Write};

use csv_core::{ReadRecordResult, Reader};
use doldam_ground::Instant;
use doldam_ground::limits::{COLUMNS_MAX, LINE_BYTES_MAX};

use super::transactions::TIMES;
use super::{CELL_BYTES_MAX, Column, DatasetFault, ROWS_MAX, Wanted, absent};

pub(super) fn read(from: impl Read, wanted: &[Wanted<'_>]) -> Result<Vec<Column>, DatasetFault> {
    let mut records = Records::new(from);
    if !records.advance()? {
        return Err(DatasetFault::Empty);
    }
    let places = places(&records, wanted)?;
    let mut columns: Vec<Column> = wanted.iter().map(|(_, holds)| Column::empty(*holds)).collect();
    let mut row = 0;
    while records.advance()? {
        row += 1;
        if row > ROWS_MAX {
            return Err(DatasetFault::TooManyRows);
        }
        for ((column, place), (name, holds)) in columns.iter_mut().zip(&places).zip(wanted) {
            let cell = records.cell(*place).unwrap_or_default();
            push(column, cell).ok_or_else(|| DatasetFault::Cell {
                row,
                name: (*name).to_owned(),
                wanted: holds.words(),
            })?;
        }
    }
    Ok(columns)
}

fn places(records: &Records<impl Read>, wanted: &[Wanted<'_>]) -> Result<Vec<usize>, DatasetFault> {
    let find = |name: &str| {
        (0..records.count).find(|place| {
            let cell = records.cell(*place).unwrap_or_default();
            cell.trim_start_matches('\u{feff}') == name
        })
    };
    wanted.iter().map(|(name, _)| find(name).ok_or_else(|| absent(name, wanted))).collect()
}

/// Adds a cell; `None` when it is not what the column holds.
fn push(column: &mut Column, cell: &str) -> Option<()> {
    if cell.len() > CELL_BYTES_MAX {
        return None;
    }
    match column {
        Column::Whole(cells) => cells.push(cell.trim().parse().ok()?),
        Column::Real(cells) if cell.is_empty() => cells.push(f64::NAN),
        Column::Real(cells) => {
            cells.push(cell.trim().parse().ok().filter(|number: &f64| number.is_finite())?);
        }
        Column::Text(cells) if !cell.is_empty() => cells.push(cell.into()),
        Column::Text(_) => return None,
        Column::Time(cells) => {
            let time = Instant::parse(cell.trim(), "UTC").ok()?;
            cells.push(Some(time).filter(|time| TIMES.contains(&time.micros()))?);
        }
    }
    Some(())
}

/// Records of a CSV text, one at a time in buffers of a fixed size.
struct Records<R> {
    from: R,
    reader: Reader,
    input: Vec<u8>,
    start: usize,
    filled: usize,
    text: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
    /// Whether an odd number of quotes has been read: at the end one was never closed, and rows
    /// were swallowed.
    is_open: bool,
}

impl<R: Read> Records<R> {
    fn new(from: R) -> Self {
        Self {
            from,
            reader: Reader::new(),
            input: vec![0; 1 << 16],
            start: 0,
            filled: 0,
            text: vec![0; LINE_BYTES_MAX],
            ends: vec![0; COLUMNS_MAX],
            count: 0,
            is_open: false,
        }
    }

    /// Reads the next record; false at the end.
    fn advance(&mut self) -> Result<bool, DatasetFault> {
        let (mut written, mut count) = (0, 0);
        loop {
            if self.start == self.filled {
                self.filled = self.from.read(&mut self.input)?;
                self.start = 0;
                for byte in &self.input[..self.filled] {
                    self.is_open ^= *byte == b'"';
                }
            }
            let (result, taken, more_text, more_ends) = self.reader.read_record(
                &self.input[self.start..self.filled],
                &mut self.text[written..],
                &mut self.ends[count..],
            );
            self.start += taken;
            written += more_text;
            count += more_ends;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record => break,
                ReadRecordResult::End if self.is_open => {
                    return Err(DatasetFault::Damaged("a quote is never closed"));
                }
                ReadRecordResult::End => return Ok(false),
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    return Err(DatasetFault::Damaged(
                        "a line is too long or has too many columns",
                    ));
                }
            }
        }
        self.count = count;
        if std::str::from_utf8(&self.text[..written]).is_err() {
            return Err(DatasetFault::Damaged("it is not UTF-8"));
        }
        Ok(true)
    }

    fn cell(&self, place: usize) -> Option<&str> {
        if place >= self.count {
            return None;
        }
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        std::str::from_utf8(&self.text[start..self.ends[place]]).ok()
    }
}

pub(super) fn write(to: impl Write, columns: &[(String, Column)]) -> Result<(), DatasetFault> {
    let mut to = BufWriter::new(to);
    for (place, (name, _)) in columns.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        write!(to, "{comma}{}", quoted(name))?;
    }
    writeln!(to)?;
    for row in 0..columns.first().map_or(0, |(_, column)| column.len()) {
        for (place, (_, column)) in columns.iter().enumerate() {
            if place > 0 {
                to.write_all(b",")?;
            }
            match column {
                Column::Whole(cells) => write!(to, "{}", cells[row])?,
                Column::Real(cells) if cells[row].is_nan() => {}
                Column::Real(cells) => write!(to, "{}", cells[row])?,
                Column::Text(cells) => to.write_all(quoted(&cells[row]).as_bytes())?,
                Column::Time(cells) => write!(to, "{}", cells[row].to_rfc3339_ms())?,
            }
        }
        writeln!(to)?;
    }
    Ok(to.flush()?)
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
