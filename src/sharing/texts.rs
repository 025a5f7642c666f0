//! Texts that people write beside records: short, readable, and without identity numbers, because
//! more people read them than the record.

use chrono::NaiveDate;

use crate::{
    domain::{
        lead::{AnswerFault, check_answer},
        text::free_text,
    },
    error::HubError,
};

/// A text as it is kept; `zh` and `en` name it to people.
///
/// # Errors
///
/// [`HubError::Invalid`] naming what is wrong with it.
pub fn checked(
    (zh, en): (&str, &str),
    text: &str,
    (most, today): (usize, NaiveDate),
) -> Result<String, HubError> {
    let text = free_text(text);
    let length = text.chars().count();
    if length > most {
        return Err(HubError::invalid(
            format!("“{zh}”共 {length} 字，最多 {most} 字。请缩短。"),
            format!("`{en}` has {length} characters and takes at most {most}. Shorten it."),
        ));
    }
    match check_answer(&text, today) {
        Ok(()) => Ok(text),
        Err(AnswerFault::IdentityNumber) => Err(HubError::invalid(
            format!("“{zh}”含有证件号码，不予保存。请删去证件号码，用记录标识或文号指代。"),
            format!(
                "`{en}` holds an identity number and is not kept. Name the record or the document instead."
            ),
        )),
        Err(_) => Err(HubError::invalid(
            format!("“{zh}”应为 1 至 {most} 字，有可读的内容，不含控制字符。"),
            format!("`{en}` takes 1 to {most} readable characters and no control characters."),
        )),
    }
}
