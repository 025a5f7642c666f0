//! The page, the document and the workbook, read back.

mod document;
mod hostile;
mod markup;
mod page;
mod samples;
mod style;
mod workbook;
