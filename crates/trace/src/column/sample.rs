//! A sample of rows from the whole file, in bounded memory.
//!
//! The first rows of a file are not like the rest: files are pasted together, sorted, padded with
//! strangers. So every n-th row is kept, and n doubles whenever the sample is full. No randomness
//! is needed, and the same file always gives the same sample.

use doldam_ground::limits;

use crate::TraceError;
use crate::rows::{Fault, Next, Rows};

/// Most rows that are kept.
const SAMPLE_ROWS_MAX: usize = 2_048;
/// Most bytes that are kept.
const SAMPLE_BYTES_MAX: usize = 32 << 20;
/// Most faults that are told one by one.
pub(crate) const FAULTS_SHOWN_MAX: usize = 100;

/// Rows from all over the file, and what was counted on the way.
pub(crate) struct Sample {
    pub(crate) columns: Vec<String>,
    pub(crate) has_header: bool,
    pub(crate) rows: Vec<Vec<String>>,
    pub(crate) rows_total: u64,
    pub(crate) faults: Vec<Fault>,
    pub(crate) faults_total: u64,
}

/// Reads the whole table once.
pub(crate) fn sample(table: &mut dyn Rows) -> Result<Sample, TraceError> {
    let mut out = Sample {
        columns: Vec::new(),
        has_header: table.has_header(),
        rows: Vec::new(),
        rows_total: 0,
        faults: Vec::new(),
        faults_total: 0,
    };
    let mut stride = 1_u64;
    let mut bytes = 0;
    loop {
        match table.advance()? {
            Next::End => break,
            Next::Fault(fault) => out.add_fault(fault),
            Next::Row => {
                if out.rows_total.is_multiple_of(stride) {
                    bytes += out.keep(table);
                }
                out.count_row()?;
                if out.rows.len() > SAMPLE_ROWS_MAX || bytes > SAMPLE_BYTES_MAX {
                    bytes = out.thin();
                    stride = stride.saturating_mul(2);
                }
            }
        }
    }
    out.columns = table.columns().to_vec();
    Ok(out)
}

impl Sample {
    fn add_fault(&mut self, fault: Fault) {
        self.faults_total += 1;
        if self.faults.len() < FAULTS_SHOWN_MAX {
            self.faults.push(fault);
        }
    }

    fn count_row(&mut self) -> Result<(), TraceError> {
        self.rows_total += 1;
        let most = limits::TRACE_ROWS_MAX;
        if self.rows_total > most as u64 {
            return Err(TraceError::TooManyRows { most });
        }
        Ok(())
    }

    /// Keeps a copy of the current row; a text too long to be a value is kept as an empty one.
    fn keep(&mut self, table: &dyn Rows) -> usize {
        let fields: Vec<String> = (0..table.columns().len())
            .map(|column| table.field(column))
            .map(|text| if text.len() > limits::VALUE_BYTES_MAX { "" } else { text })
            .map(str::to_owned)
            .collect();
        let bytes = size(&fields);
        self.rows.push(fields);
        bytes
    }

    /// Drops every second row and says how many bytes are left.
    fn thin(&mut self) -> usize {
        let mut place = 0;
        self.rows.retain(|_| {
            place += 1;
            place % 2 == 1
        });
        self.rows.iter().map(|row| size(row)).sum()
    }
}

fn size(fields: &[String]) -> usize {
    fields.iter().map(|text| text.len() + size_of::<String>()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::MemoryRows;

    #[test]
    fn a_long_file_is_sampled_evenly_to_its_end() {
        let columns = vec!["n".to_owned()];
        let rows: Vec<Vec<String>> = (0..50_000).map(|n| vec![n.to_string()]).collect();
        let sample = sample(&mut MemoryRows::new(&columns, &rows)).unwrap();
        assert_eq!(sample.rows_total, 50_000);
        let kept: Vec<usize> = sample.rows.iter().map(|row| row[0].parse().unwrap()).collect();
        assert!(kept.len() > 1_000 && kept.len() <= SAMPLE_ROWS_MAX);
        assert!(kept.windows(2).all(|pair| pair[1] - pair[0] == kept[1] - kept[0]));
        assert!(*kept.last().unwrap() > 49_900);
    }

    #[test]
    fn wide_rows_do_not_break_the_bound() {
        let columns: Vec<String> = (0..100).map(|n| n.to_string()).collect();
        let rows = vec![vec!["x".repeat(4_000); 100]; 200];
        let sample = sample(&mut MemoryRows::new(&columns, &rows)).unwrap();
        assert!(sample.rows.iter().map(|row| size(row)).sum::<usize>() <= SAMPLE_BYTES_MAX);
        assert_eq!(sample.rows_total, 200);
    }
}
