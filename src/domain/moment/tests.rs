use super::*;
use proptest::prelude::*;

fn instant(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("valid test data").to_utc()
}

#[test]
fn a_day_is_read_in_every_usual_form() {
    let day = NaiveDate::from_ymd_opt(2024, 3, 5).expect("a day");
    for text in [
        "2024-03-05",
        "2024-3-5",
        "2024/3/5",
        "2024/03/05",
        "2024.3.5",
        "2024.03.05",
        "2024年3月5日",
        "2024年03月05日",
        "2024 年 3 月 5 日",
        "2024年3月5号",
        "2024-3-5日",
        "2024.03.05.",
        "2024。3。5",
        "2024、3、5",
        "20240305",
        "２０２４－３－５",
        "二〇二四年三月五日",
        "二零二四年三月五日",
        "'2024-03-05",
        "\u{200b}2024-03-05\u{a0}",
        "2024-03-05 星期二",
        "2024年3月5日（周二）",
    ] {
        assert_eq!(read(text), Ok(Moment { day, at: None, zoned: false }), "{text:?}");
        assert_eq!(read_day(text), Ok(day), "{text:?}");
    }
    for (text, expected) in [
        ("二〇二四年十二月二十一日", (12, 21)),
        ("二〇二四年十月十日", (10, 10)),
        ("二〇二四年十一月三十日", (11, 30)),
    ] {
        assert_eq!(
            read_day(text),
            Ok(NaiveDate::from_ymd_opt(2024, expected.0, expected.1).expect("a day")),
            "{text}"
        );
    }
}

#[test]
fn a_time_behind_the_day_is_read_in_every_usual_form() {
    let half_past_nine = instant("2024-03-05T09:30:00+08:00");
    for text in [
        "2024-03-05 09:30",
        "2024-3-5 9:30",
        "2024/3/5 9:30",
        "2024/3/5  9:30:00",
        "2024.3.5 9:30",
        "2024-03-05T09:30",
        "2024-03-05T09:30:00",
        "2024-03-05 09:30:00.000",
        "2024年3月5日9时30分",
        "2024年3月5日 9时30分00秒",
        "2024年3月5日9：30",
        "2024年3月5日9点半",
        "2024年3月5日上午9时30分许",
        "2024年3月5日9时30分左右",
        "二〇二四年三月五日九时三十分",
        "202403050930",
        "20240305093000",
        "20240305 09:30",
        "2024-03-05 9:30 AM",
        "2024-03-05T01:30:00Z",
        "2024-03-05 09:30:00+08:00",
        "2024-03-05T09:30+0800",
    ] {
        assert_eq!(read(text).map(|moment| moment.at), Ok(Some(half_past_nine)), "{text:?}");
        assert_eq!(read_day(text), Err(TimeFault::Format), "{text:?}");
    }
    for (text, expected) in [
        ("2024-03-05 下午3时", "2024-03-05T15:00:00+08:00"),
        ("2024-03-05 下午3:05", "2024-03-05T15:05:00+08:00"),
        ("2024-03-05 00:00", "2024-03-05T00:00:00+08:00"),
        ("2024-03-05T20:30:00Z", "2024-03-06T04:30:00+08:00"),
    ] {
        assert_eq!(read(text).map(|moment| moment.at), Ok(Some(instant(expected))), "{text:?}");
    }
    assert_eq!(
        read("2024-03-05T20:30:00Z").map(|moment| moment.day),
        Ok(NaiveDate::from_ymd_opt(2024, 3, 6).expect("a day"))
    );
}

#[test]
fn what_could_be_two_days_or_none_is_not_read() {
    use TimeFault::{Format, NoSuchDate, NoSuchTime};
    for (text, fault) in [
        ("24-3-5", Format),
        ("3/5/2024", Format),
        ("2024-03", Format),
        ("2024年3月", Format),
        ("2024-3/5", Format),
        ("2024-03-05-01", Format),
        ("2024-03-05 晚上", Format),
        ("2024-03-05 下午13点半钟", Format),
        ("2024-03-05 上午12时", Format),
        ("2024-03-05 9", Format),
        ("45356", Format),
        ("3月5日", Format),
        ("", Format),
        ("2024-02-30", NoSuchDate),
        ("20240230", NoSuchDate),
        ("2024-03-05 24:30", NoSuchTime),
        ("2024-03-05 09:60", NoSuchTime),
    ] {
        assert_eq!(read(text), Err(fault), "{text:?}");
    }
}

#[test]
fn the_count_of_days_of_a_spreadsheet_is_read_where_it_can_be_nothing_else() {
    let day = NaiveDate::from_ymd_opt(2024, 3, 5);
    assert_eq!(
        of_serial(45_356.0, false).map(|moment| (moment.day, moment.at)),
        day.map(|day| (day, None))
    );
    assert_eq!(of_serial(43_894.0, true).map(|moment| moment.day), day);
    let moment = of_serial(45_356.395_833_333_34, false).expect("a moment");
    assert_eq!(moment.at, Some(instant("2024-03-05T09:30:00+08:00")));
    for serial in [2024.0, 5.0, 20_240_305.0, -45_356.0, f64::NAN] {
        assert_eq!(of_serial(serial, false), None, "{serial}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(raw in any::<String>(), near in "[0-9〇一二十年月日时分:TZ+ -]{4,24}") {
        let _ = (read(&raw), read(&near));
    }

    #[test]
    fn what_programs_write_is_read_as_the_clock_reads_it(seconds in 0_i64..4_000_000_000) {
        let at = DateTime::from_timestamp(seconds, 0).expect("an instant");
        prop_assert_eq!(read(&at.to_rfc3339()).map(|moment| moment.at), Ok(Some(at)));
    }
}

#[test]
fn from_one_time_to_another_is_no_offset() {
    for text in ["2024-3-5 9:30-10:00", "2024-03-05 08:00-0830", "2024-3-5 9:30-10"] {
        assert_eq!(read(text), Err(TimeFault::Format), "{text}");
    }
    for text in ["2024-03-05T09:30:00-05:00", "2024-03-05 09:30:00+00", "2024-03-05 09:30 +08:00"] {
        assert!(read(text).is_ok_and(|own| own.zoned), "{text}");
    }
}
