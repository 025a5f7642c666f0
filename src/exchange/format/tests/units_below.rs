//! Units that stand below or beside the head, in totals, notes and signatures: heard, or the file
//! ends.

use super::*;

#[test]
fn units_below_a_table_and_in_its_total_are_not_passed_over() {
    let fills = ",".repeat(9);
    for last in [
        format!("说明：以上经济损失单位均为万元。{fills}"),
        "合计,,,,0,0,0,0,1,15.6万元".to_owned(),
        "合计（万元）,,,,0,0,0,0,1,15.6".to_owned(),
    ] {
        let text = format!("{ACCIDENT},直接经济损失\n{ROW},15.6\n{last}\n");
        let mut found = opened(Format::Csv, None, "Accident", text.as_str()).expect("opened");
        let end = loop {
            match found.next() {
                Ok(Some(_)) => {}
                Ok(None) => unreachable!("{last} was passed over"),
                Err(fault) => break fault,
            }
        };
        assert_eq!(end.code(), "FILE_UNIT_BELOW", "{last}");
    }
    let plain = format!("{ACCIDENT},直接经济损失万元\n{ROW},15.6\n合计,,,,0,0,0,0,1,15.6\n");
    assert_eq!(kept("Accident", &plain, "directLossYuan"), Ok(json!("156000.00")));
    let latin = format!("{ACCIDENT},直接经济损失(W)\n{ROW},15.6\n");
    assert_eq!(refused(Format::Csv, "Accident", latin).code(), "FILE_HEADING_UNIT");
}

#[test]
fn a_unit_in_a_line_of_the_head_of_its_own_is_not_lost() {
    let over = ",,,,死亡,失踪,重伤,急性中毒,轻伤";
    for head in [
        format!("事故编号,发生时间,区县,事故类型,伤亡人数（人）,,,,,直接经济损失\n{over},（万元）"),
        format!("事故编号,发生时间,区县,事故类型,伤亡人数（人）,,,,,直接经济损失\n{over},万元"),
        format!(
            "事故编号,发生时间,区县,事故类型,伤亡人数（人）,,,,,直接经济损失\n{over},单位：万元"
        ),
        format!("事故编号,发生时间,区县,事故类型,伤亡人数（人）,,,,,（万元）\n{over},直接经济损失"),
    ] {
        let text = format!("{head}\n{ROW},12.5\n");
        assert_eq!(kept("Accident", &text, "directLossYuan"), Ok(json!("125000.00")), "{head}");
    }
}

#[test]
fn a_line_of_units_and_what_is_like_one_is_not_passed_over() {
    let head = format!("{ACCIDENT},直接经济损失");
    for (line, read) in
        [(",,,,人,人,人,人,人,（万元）", true), (",（年-月-日）,,,人,人,人,人,人,万元/起", false)]
    {
        let text = format!("{head}\n{line}\n{ROW},12.5\n");
        match opened(Format::Csv, None, "Accident", text.as_str()).and_then(all_or_fault) {
            Ok(rows) => assert!(read && values(&rows[0])["directLossYuan"] == "12.5万元", "{line}"),
            Err(fault) => assert!(!read && fault.code() == "FILE_UNIT_BELOW", "{line}"),
        }
    }
}

#[test]
fn a_month_above_a_table_is_no_unit_and_a_note_that_names_its_column_is_heard() {
    let head = "报告卡编号,姓名,证件号码,证件类型,用人单位信用代码,区县,职业病名称,诊断日期,报告性质,接害工龄";
    let row = "K-1,王小明,140602190001010015,居民身份证,91140602MA0000001X,右玉县,煤工尘肺,2024-03-05,首次,24";
    let family = "OccupationalDiseaseCase";
    let above = format!("报告月份,3,月{}\n{head}\n{row}\n", ",".repeat(7));
    assert_eq!(kept(family, &above, "exposureYears"), Ok(json!(24)));
    let ended = |family: &str, text: String| {
        let rows = opened(Format::Csv, None, family, text.as_str()).and_then(all_or_fault);
        rows.err().map_or("", |fault| fault.code())
    };
    let note = format!("注：接害工龄单位为月{}", ",".repeat(9));
    for head in [head.to_owned(), head.replace("接害工龄", "接害工龄（年）")] {
        assert_eq!(ended(family, format!("{head}\n{row}\n{note}\n")), "FILE_UNIT_BELOW", "{head}");
    }
    let measured = "检测编号,采样日期,区县,危害因素,接触限值类型,粉尘粒级,检测结果（mg/m³）\n\
                    M-1,2024-3-5,右玉县,煤尘,PC-TWA,总粉尘,530\n注：检测结果单位为μg/m³,,,,,,\n";
    assert_eq!(ended("ExposureMeasurement", measured.to_owned()), "FILE_UNIT_BELOW");
    let (losses, under) = (format!("{ACCIDENT},直接经济损失"), ",".repeat(9));
    let two = format!(
        "{losses}\n{under}（万元）\n{ROW},12.5\n{losses}\n{under}（元）\nA-2,2024-3-6,右玉县,物体打击,0,0,0,0,1,125000\n"
    );
    assert_eq!(ended("Accident", two), "FILE_UNIT_BELOW", "another unit below the head again");
}

#[test]
fn a_unit_beside_a_signature_or_below_the_head_is_said_of_the_table() {
    let head = format!("{ACCIDENT},直接经济损失");
    let fills = |count: usize| ",".repeat(count);
    for (place, line) in [(0, "单位：万元"), (3, "单位：万元"), (9, "单位：万元"), (0, "（万元）")]
    {
        let text = format!("{head}\n{}{line}{}\n{ROW},12.5\n", fills(place), fills(9 - place));
        assert_eq!(
            kept("Accident", &text, "directLossYuan"),
            Ok(json!("125000.00")),
            "{place} {line}"
        );
    }
    // A merged cell stands in each of its cells, as some programs write it.
    let merged = format!("{head}\n{}\n{ROW},12.5\n", ["单位：万元"; 10].join(","));
    assert_eq!(kept("Accident", &merged, "directLossYuan"), Ok(json!("125000.00")));
    let wide = format!("{head},单位：万元\n{ROW},12.5,\n");
    assert_eq!(kept("Accident", &wide, "directLossYuan"), Ok(json!("125000.00")));
    let apart = format!("{head},备注,单位：万元\n{ROW},12.5,x,\n");
    assert_eq!(kept("Accident", &apart, "directLossYuan"), Ok(json!("125000.00")));
    let beside = |cell: &str| format!("{head},万元\n{ROW},125000,{cell}\n");
    assert_eq!(kept("Accident", &beside(""), "directLossYuan"), Ok(json!("1250000000.00")));
    let otherwise = format!("{ACCIDENT},直接经济损失（万元）\n单位：元{}\n{ROW},12.5\n", fills(9));
    for text in [beside("12.5"), otherwise] {
        assert_eq!(refused(Format::Csv, "Accident", text).code(), "FILE_HEADING_UNIT");
    }
    let ended = |text: String| {
        let rows = opened(Format::Csv, None, "Accident", text.as_str()).and_then(all_or_fault);
        rows.map_or_else(|fault| fault.code().to_owned(), |rows| rows.len().to_string())
    };
    for below in [
        "填表人：张三,单位：万元",
        "审核人：李四,,（单位：万元）",
        "填报人：张三,,（万元）",
        "注,单位：万元",
        "合计,,,,0,0,0,0,1,（万元）",
        "合计,万元,,,0,0,0,0,1,12.5",
    ] {
        let line = format!("{below}{}", fills(9 - below.matches(',').count()));
        assert_eq!(ended(format!("{head}\n{ROW},12.5\n{line}\n")), "FILE_UNIT_BELOW", "{below}");
    }
    // What says nothing of the table is passed over.
    for below in [
        "单位负责人（签字）：,,,填表人：",
        "科长：,,局长：",
        "合计：25万元",
        "注：,填表日期,2024,年,3,月,5,日",
        "注：1000 万元以上为较大事故",
        "甲,乙,丙,丁,戊,1,2,3,4,5",
    ] {
        let line = format!("{below}{}", fills(9_usize.saturating_sub(below.matches(',').count())));
        let text = if below.starts_with('甲') {
            format!("{head}\n{line}\n{ROW},12.5\n")
        } else {
            format!("填报单位：朔州市万元商贸有限公司{}\n{head}\n{ROW},12.5\n{line}\n", fills(9))
        };
        assert_eq!(ended(text), "1", "{below}");
    }
}

#[test]
fn a_second_table_or_a_unit_below_the_first_ends_the_file() {
    let head = format!("{ACCIDENT},直接经济损失");
    let fills = ",".repeat(9);
    let ended = |text: String| {
        let mut found = opened(Format::Csv, None, "Accident", text.as_str()).expect("opened");
        loop {
            match found.next() {
                Ok(Some(_)) => {}
                Ok(None) => return "",
                Err(fault) => return fault.code(),
            }
        }
    };
    let second = "A-2,2024-3-6,右玉县,物体打击,5,0,1,0,0,12.5";
    let other = "事故编号,发生时间,区县,事故类型,轻伤,失踪,重伤,急性中毒,死亡,直接经济损失（万元）";
    assert_eq!(ended(format!("{head}\n{ROW},12.5\n{other}\n{second}\n")), "FILE_SECOND_HEAD");
    assert_eq!(ended(format!("{head}\n{ROW},12.5\n{head}\n{second}\n")), "", "the same once more");
    for below in [
        format!(",,,,,（单位：万元）{}", ",".repeat(4)),
        format!("注：表中损失均为万元{fills}"),
        format!("注：直接经济损失（万元）为初步统计数。{fills}"),
    ] {
        assert_eq!(ended(format!("{head}\n{ROW},12.5\n{below}\n")), "FILE_UNIT_BELOW", "{below}");
    }
    let parted =
        format!("单位：元{fills}\n{head}\n{ROW},125000\n单位：万元{fills}\n{head}\n{second}\n");
    assert_eq!(ended(parted), "FILE_UNIT_BELOW");
}

#[test]
fn a_unit_below_that_contradicts_every_heading_it_can_mean_ends_the_file() {
    let head = format!("{ACCIDENT},直接经济损失（万元）");
    let ended = |head: &str, text: String| {
        let rows = opened(Format::Csv, None, "Accident", format!("{head}\n{text}").as_str());
        rows.and_then(all_or_fault)
            .map_or_else(|fault| fault.code().to_owned(), |rows| rows.len().to_string())
    };
    let fills = ",".repeat(9);
    for note in ["注：单位：元", "注：表中金额单位为元。", "单位：元"] {
        let text = format!("{ROW},12.5\n{note}{fills}\n");
        assert_eq!(ended(&head, text), "FILE_UNIT_BELOW", "{note}");
    }
    for note in ["注：金额单位：万元", "单位：万元商贸有限公司", "单位：万元、人"]
    {
        let text = format!("{ROW},12.5\n{note}{fills}\n");
        assert_eq!(ended(&head, text), "1", "{note}");
    }
    let yuan = format!("{ACCIDENT},直接经济损失（元）");
    let text = format!("{ROW},126.5\n注：单位为万元{fills}\n");
    assert_eq!(ended(&yuan, text), "FILE_UNIT_BELOW", "nobody knows which of the two");
    let bare = format!("{ACCIDENT},直接经济损失");
    let firm = format!("{ROW},12.5\n单位：万元商贸有限公司{fills}\n");
    assert_eq!(ended(&bare, firm), "1", "the name of a firm");
}

#[test]
fn a_note_about_something_else_and_an_office_end_no_file() {
    let head = format!("{ACCIDENT},直接经济损失（元）");
    let bare = format!("{ACCIDENT},直接经济损失");
    let fills = ",".repeat(9);
    let read = |head: &str, row: &str, line: &str| {
        let text = format!("{head}\n{row}\n{line}{fills}\n");
        let rows = opened(Format::Csv, None, "Accident", text.as_str()).and_then(all_or_fault);
        rows.map_or_else(|fault| fault.code().to_owned(), |rows| rows.len().to_string())
    };
    let row = format!("{ROW},125000");
    for line in [
        "注：罚款单位为万元",
        "附：罚款（万元）另表",
        "注：赔偿金额（万元）见附表",
        "注：上年数据以万元统计",
        "单位：朔州市万元商贸",
        "填报单位：万元",
    ] {
        assert_eq!(read(&head, &row, line), "1", "{line}");
    }
    for line in ["单位：朔州市万元商贸", "填报单位：万元"] {
        assert_eq!(read(&bare, &row, line), "1", "{line}");
    }
    // An amount in words is one of its row, and no unit of the table.
    for amount in ["壹万元", "近万元", "数万元", "十万元"] {
        let text = format!("{bare}\n{ROW},{amount}\n");
        let rows = opened(Format::Csv, None, "Accident", text.as_str()).and_then(all_or_fault);
        assert_eq!(rows.map(|rows| rows.len()).ok(), Some(1), "{amount}");
    }
    for above in ["计量单位 万元", "注：本表以“万元”为单位", "注：损失按万元统计"]
    {
        let text = format!("{above}{fills}\n{bare}\n{ROW},12.5\n");
        assert_eq!(kept("Accident", &text, "directLossYuan"), Ok(json!("125000.00")), "{above}");
    }
}
