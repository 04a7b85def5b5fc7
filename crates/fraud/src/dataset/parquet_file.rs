//! Parquet in and out, column by column.
//!
//! The reader beneath is well kept but trusts its input in places: lengths of a damaged page can
//! end in an index out of bounds. What can be checked beforehand is (the size of the footer, rows,
//! nesting, the sizes of pages); the rest is caught where it happens and becomes a fault, as for
//! damaged repositories in the scanner.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use doldam_ground::Instant;
use parquet::basic::{
    Compression, ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel,
};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnDescriptor, Type as Schema};

use super::{CELL_BYTES_MAX, Column, ColumnType, DatasetFault, ROWS_MAX, Wanted, absent};

/// Largest footer, in bytes; it is read into memory whole.
const FOOTER_BYTES_MAX: u64 = 32 << 20;
/// Rows that are decoded in one go, and rows of a group that we write.
const BATCH_ROWS: usize = 1 << 16;
const GROUP_ROWS: usize = 1 << 20;

pub(super) fn read<R: ChunkReader + 'static>(
    file: R,
    wanted: &[Wanted<'_>],
) -> Result<Vec<Column>, DatasetFault> {
    check_footer(&file)?;
    let caught = catch_unwind(AssertUnwindSafe(|| read_columns(file, wanted)));
    caught.unwrap_or(Err(DatasetFault::Damaged("a page does not fit its lengths")))
}

/// The last 8 bytes are the footer's length and the mark of the format.
fn check_footer(file: &impl ChunkReader) -> Result<(), DatasetFault> {
    let damaged = DatasetFault::Damaged("no footer");
    let Some(start) = file.len().checked_sub(8) else { return Err(damaged) };
    let tail = file.get_bytes(start, 8).map_err(fault)?;
    let (Some(length), Some(b"PAR1")) = (tail.first_chunk::<4>(), tail.get(4..)) else {
        return Err(damaged);
    };
    let length = u64::from(u32::from_le_bytes(*length));
    if length > FOOTER_BYTES_MAX || length > start { Err(damaged) } else { Ok(()) }
}

/// The text of an error of the reader may repeat names of the file, so only its sort is kept.
fn fault(error: ParquetError) -> DatasetFault {
    match error {
        ParquetError::NYI(_) => DatasetFault::Damaged("a form of Parquet that is not read"),
        ParquetError::EOF(_) => DatasetFault::Damaged("it ends too early"),
        ParquetError::External(error) => match error.downcast::<std::io::Error>() {
            Ok(error) => DatasetFault::Io(error.kind()),
            Err(_) => DatasetFault::Damaged("a page cannot be unpacked"),
        },
        _ => DatasetFault::Damaged("the reader refuses it"),
    }
}

fn read_columns<R: ChunkReader + 'static>(
    file: R,
    wanted: &[Wanted<'_>],
) -> Result<Vec<Column>, DatasetFault> {
    let reader = SerializedFileReader::new(file).map_err(fault)?;
    let metadata = reader.metadata();
    let mut rows = 0_usize;
    for group in metadata.row_groups() {
        let more = usize::try_from(group.num_rows())
            .map_err(|_| DatasetFault::Damaged("a count is negative"))?;
        rows = rows.saturating_add(more);
    }
    if rows > ROWS_MAX {
        return Err(DatasetFault::TooManyRows);
    }
    let schema = metadata.file_metadata().schema_descr();
    let mut columns = Vec::with_capacity(wanted.len());
    for (name, holds) in wanted {
        let place = (0..schema.num_columns())
            .find(|place| schema.column(*place).path().string() == *name)
            .ok_or_else(|| absent(name, wanted))?;
        let descriptor = schema.column(place);
        let mut sink = Sink::new(name, *holds, &descriptor)?;
        for group in 0..reader.num_row_groups() {
            let group = reader.get_row_group(group).map_err(fault)?;
            let rows = usize::try_from(group.metadata().num_rows())
                .map_err(|_| DatasetFault::Damaged("a count is negative"))?;
            sink.take_group(group.get_column_reader(place).map_err(fault)?, rows)?;
        }
        columns.push(sink.column);
    }
    Ok(columns)
}

/// Where the cells of one column go.
struct Sink<'a> {
    name: &'a str,
    holds: ColumnType,
    /// Units a microsecond and microseconds a unit of a whole-number time.
    time: Option<TimeUnit>,
    is_optional: bool,
    column: Column,
}

impl<'a> Sink<'a> {
    fn new(
        name: &'a str,
        holds: ColumnType,
        descriptor: &ColumnDescriptor,
    ) -> Result<Self, DatasetFault> {
        let wrong = || DatasetFault::Wrong { name: name.to_owned(), wanted: holds.words() };
        if descriptor.max_rep_level() > 0 || descriptor.max_def_level() > 1 {
            return Err(wrong());
        }
        let time = match (descriptor.logical_type_ref(), descriptor.converted_type()) {
            (Some(LogicalType::Timestamp(stamp)), _) => Some(stamp.unit),
            (_, ConvertedType::TIMESTAMP_MILLIS) => Some(TimeUnit::MILLIS),
            (_, ConvertedType::TIMESTAMP_MICROS) => Some(TimeUnit::MICROS),
            _ => None,
        };
        let is_plain = match descriptor.logical_type_ref() {
            None => !matches!(descriptor.converted_type(), ConvertedType::DECIMAL),
            Some(LogicalType::Integer(_) | LogicalType::String | LogicalType::Timestamp(_)) => true,
            Some(_) => false,
        };
        let fits = is_plain
            && match descriptor.physical_type() {
                Physical::INT96 => holds == ColumnType::Time,
                Physical::INT64 if time.is_some() => holds == ColumnType::Time,
                Physical::BOOLEAN => holds == ColumnType::Whole,
                Physical::INT32 | Physical::INT64 => holds != ColumnType::Time,
                Physical::FLOAT | Physical::DOUBLE => holds == ColumnType::Real,
                Physical::BYTE_ARRAY => holds == ColumnType::Text,
                Physical::FIXED_LEN_BYTE_ARRAY => false,
            };
        if !fits {
            return Err(wrong());
        }
        let is_optional = descriptor.max_def_level() == 1;
        Ok(Self { name, holds, time, is_optional, column: Column::empty(holds) })
    }

    fn take_group(&mut self, reader: ColumnReader, rows: usize) -> Result<(), DatasetFault> {
        match reader {
            ColumnReader::BoolColumnReader(reader) => {
                self.drain(reader, rows, |sink, cell| sink.whole(i64::from(cell)))
            }
            ColumnReader::Int32ColumnReader(reader) => {
                self.drain(reader, rows, |sink, cell| sink.whole(i64::from(cell)))
            }
            ColumnReader::Int64ColumnReader(reader) => self.drain(reader, rows, Self::whole),
            ColumnReader::Int96ColumnReader(reader) => {
                self.drain(reader, rows, |sink, cell| sink.micros(cell.to_micros()))
            }
            ColumnReader::FloatColumnReader(reader) => {
                self.drain(reader, rows, |sink, cell| sink.real(f64::from(cell)))
            }
            ColumnReader::DoubleColumnReader(reader) => self.drain(reader, rows, Self::real),
            ColumnReader::ByteArrayColumnReader(reader) => {
                self.drain(reader, rows, |sink, cell| sink.text(&cell))
            }
            ColumnReader::FixedLenByteArrayColumnReader(_) => Err(self.wrong()),
        }
    }

    fn wrong(&self) -> DatasetFault {
        let wanted = self.holds.words();
        DatasetFault::Cell { row: self.column.len() + 1, name: self.name.to_owned(), wanted }
    }

    fn drain<T: DataType>(
        &mut self,
        mut reader: ColumnReaderImpl<T>,
        rows: usize,
        take: impl Fn(&mut Self, T::T) -> Result<(), DatasetFault>,
    ) -> Result<(), DatasetFault> {
        let end = self.column.len() + rows;
        let (mut levels, mut values) = (Vec::new(), Vec::new());
        while self.column.len() < end {
            levels.clear();
            values.clear();
            let batch = BATCH_ROWS.min(end - self.column.len());
            let (count, _, _) =
                reader.read_records(batch, Some(&mut levels), None, &mut values).map_err(fault)?;
            if count == 0 {
                return Err(DatasetFault::Damaged("a column has fewer rows than the file"));
            }
            let mut cells = values.drain(..);
            for place in 0..count {
                let is_there = !self.is_optional || levels.get(place) == Some(&1);
                match (is_there, is_there.then(|| cells.next()).flatten()) {
                    (true, Some(cell)) => take(self, cell)?,
                    (false, _) => self.missing()?,
                    (true, None) => return Err(DatasetFault::Damaged("a page is too short")),
                }
            }
        }
        Ok(())
    }

    fn missing(&mut self) -> Result<(), DatasetFault> {
        match &mut self.column {
            Column::Real(cells) => cells.push(f64::NAN),
            _ => return Err(self.wrong()),
        }
        Ok(())
    }

    fn whole(&mut self, cell: i64) -> Result<(), DatasetFault> {
        match &mut self.column {
            Column::Whole(cells) => cells.push(cell),
            Column::Real(cells) => cells.push(cell as f64),
            Column::Text(cells) => cells.push(cell.to_string().into()),
            Column::Time(_) => {
                let micros = match self.time {
                    Some(TimeUnit::MILLIS) => cell.checked_mul(1_000),
                    Some(TimeUnit::NANOS) => Some(cell.div_euclid(1_000)),
                    Some(TimeUnit::MICROS) => Some(cell),
                    None => None,
                };
                return self.micros(micros.ok_or_else(|| self.wrong())?);
            }
        }
        Ok(())
    }

    /// Takes times of the years 1900 to 2999 only, so that no window can overflow.
    fn micros(&mut self, micros: i64) -> Result<(), DatasetFault> {
        let is_sane = super::transactions::TIMES.contains(&micros);
        match &mut self.column {
            Column::Time(cells) if is_sane => cells.push(Instant::from_micros(micros)),
            _ => return Err(self.wrong()),
        }
        Ok(())
    }

    fn real(&mut self, cell: f64) -> Result<(), DatasetFault> {
        match &mut self.column {
            Column::Real(cells) if !cell.is_infinite() => cells.push(cell),
            _ => return Err(self.wrong()),
        }
        Ok(())
    }

    fn text(&mut self, cell: &ByteArray) -> Result<(), DatasetFault> {
        let text =
            std::str::from_utf8(cell.data()).ok().filter(|text| text.len() <= CELL_BYTES_MAX);
        match (&mut self.column, text) {
            (Column::Text(cells), Some(text)) => cells.push(text.into()),
            _ => return Err(self.wrong()),
        }
        Ok(())
    }
}

pub(super) fn write(
    to: impl Write + Send,
    columns: &[(String, Column)],
) -> Result<(), DatasetFault> {
    let schema = Arc::new(schema_of(columns).map_err(fault)?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by("doldam".to_owned())
        .build();
    let mut writer = SerializedFileWriter::new(to, schema, Arc::new(properties)).map_err(fault)?;
    let rows = columns.first().map_or(0, |(_, column)| column.len());
    let mut start = 0;
    while start < rows {
        let end = rows.min(start + GROUP_ROWS);
        let mut group = writer.next_row_group().map_err(fault)?;
        for (_, column) in columns {
            write_column(&mut group, column, start, end).map_err(fault)?;
        }
        group.close().map_err(fault)?;
        start = end;
    }
    writer.close().map(drop).map_err(fault)
}

fn schema_of(columns: &[(String, Column)]) -> Result<Schema, ParquetError> {
    let mut fields = Vec::with_capacity(columns.len());
    for (name, column) in columns {
        let (physical, logical) = match column {
            Column::Whole(_) => (Physical::INT64, None),
            Column::Real(_) => (Physical::DOUBLE, None),
            Column::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Column::Time(_) => {
                (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS)))
            }
        };
        let field = Schema::primitive_type_builder(name, physical)
            .with_repetition(Repetition::REQUIRED)
            .with_logical_type(logical)
            .build()?;
        fields.push(Arc::new(field));
    }
    Schema::group_type_builder("schema").with_fields(fields).build()
}

fn write_column<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: &Column,
    start: usize,
    end: usize,
) -> Result<(), ParquetError> {
    let Some(mut writer) = group.next_column()? else { return Ok(()) };
    match column {
        Column::Whole(cells) => {
            writer.typed::<Int64Type>().write_batch(&cells[start..end], None, None)?;
        }
        Column::Real(cells) => {
            writer.typed::<DoubleType>().write_batch(&cells[start..end], None, None)?;
        }
        Column::Text(cells) => {
            let cells: Vec<ByteArray> =
                cells[start..end].iter().map(|cell| (**cell).into()).collect();
            writer.typed::<ByteArrayType>().write_batch(&cells, None, None)?;
        }
        Column::Time(cells) => {
            let cells: Vec<i64> = cells[start..end].iter().map(|cell| cell.micros()).collect();
            writer.typed::<Int64Type>().write_batch(&cells, None, None)?;
        }
    }
    writer.close()
}
