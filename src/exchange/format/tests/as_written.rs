//! What people write in ledgers, and what is read of it: units that stand elsewhere, words for
//! codes, headings of departments. What could be several is a fault, and never a guess.

use serde_json::{Value, json};

use super::{REFERENCE, all, family, faults, opened, read, refused, today, values};
use crate::{
    exchange::format::{fault::FileFault, media::Format, rows::FileRow},
    submit::parse,
};

const ACCIDENT: &str = "事故编号,发生时间,区县,事故类型,死亡,失踪,重伤,急性中毒,轻伤";
const ROW: &str = "A-1,2024-3-5,右玉县,物体打击,0,0,0,0,1";

/// Rows of a table in text.
fn rows(name: &str, text: &str) -> Vec<FileRow> {
    match opened(Format::Csv, None, name, text) {
        Ok(rows) => all(rows),
        Err(fault) => unreachable!("{text}: {:?}", fault.text()),
    }
}

/// What the hub keeps of a value of the first row; the codes of its faults.
fn kept(name: &str, text: &str, field: &str) -> Result<Value, Vec<String>> {
    let items = rows(name, text);
    let item = items.first().unwrap_or_else(|| unreachable!("{text}: no row"));
    if !item.faults.is_empty() {
        return Err(item.faults.iter().map(|fault| fault.code.clone()).collect());
    }
    let draft = parse::read(family(name), &item.values, &REFERENCE, today());
    let wrong: Vec<String> = draft
        .faults()
        .iter()
        .filter(|fault| fault.field.as_deref() == Some(field))
        .map(|fault| fault.code.clone())
        .collect();
    if wrong.is_empty() {
        let index = family(name).fields.iter().position(|own| own.name == field).expect(field);
        Ok(draft.cells()[index].json(family(name).fields[index].kind))
    } else {
        Err(wrong)
    }
}

#[test]
fn a_unit_counts_wherever_the_ledger_states_it() {
    let head = format!("{ACCIDENT},直接经济损失");
    let fills = ",".repeat(9);
    for above in [
        format!("朔城区2024年事故台账（单位：万元）{fills}\n"),
        format!("朔城区2024年事故台账      单位:万元{fills}\n"),
        format!("2024年事故台账{fills}\n（以万元为单位）{fills}\n"),
        format!("2024年事故台账{fills}\n{fills}万元\n"),
        format!("单位：万元、人{fills}\n"),
        format!("2024年事故台账（万元）{fills}\n"),
        format!("单位：起、人、百万吨死亡率、人民币万元{fills}\n"),
    ] {
        let text = format!("{above}{head}\n{ROW},126.5\n");
        assert_eq!(kept("Accident", &text, "directLossYuan"), Ok(json!("1265000.00")), "{above}");
    }
    for head in [
        format!("{ACCIDENT},直接经济损失\n{fills}（万元）"),
        format!("{ACCIDENT},直接经济损失\n,,,,人,人,人,人,人,万元"),
        format!("{ACCIDENT},直接经济损失/万元"),
        format!("{ACCIDENT},\"直接经济损失\n万元\""),
        format!("{ACCIDENT},直接经济损失【万元】"),
        format!("{ACCIDENT},直接经济损失（万元）"),
        format!("{ACCIDENT},直接经济损失（人民币万元，估算）"),
        format!("{ACCIDENT},直接经济损失（以万元计）"),
        format!("{ACCIDENT},直接经济损失\n单位,,,,人,-,人,人,人,万元"),
    ] {
        for cell in
            ["126.5", "￥126.5", "人民币126.5", "RMB126.5", "126.5万元", "\"1,265,000.00元\""]
        {
            let text = format!("{head}\n{ROW},{cell}\n");
            assert_eq!(
                kept("Accident", &text, "directLossYuan"),
                Ok(json!("1265000.00")),
                "{head} {cell}"
            );
        }
    }
    // What could be either is neither.
    for head in [
        format!("{ACCIDENT},直接经济损失（万元级）"),
        format!("{ACCIDENT},直接经济损失（元）\n{fills}万元"),
        format!("金额均为万元口径{fills}\n{ACCIDENT},直接经济损失"),
    ] {
        let text = format!("{head}\n{ROW},126.5\n");
        assert_eq!(refused(Format::Csv, "Accident", text).code(), "FILE_HEADING_UNIT", "{head}");
    }
    let two = format!(
        "事故编号,发生时间,区县,事故类型,伤亡情况,,,,,经济损失（万元）\n\
         ,,,,死亡,失踪,重伤,急性中毒,轻伤,直接经济损失\n{ROW},126.5\n"
    );
    assert_eq!(kept("Accident", &two, "directLossYuan"), Ok(json!("1265000.00")), "over two lines");
    // Said only below: what was read is not kept silently.
    let below = format!("{head}\n{ROW},126.5\n注：直接经济损失单位为万元{fills}\n");
    let mut found = opened(Format::Csv, None, "Accident", below.as_str()).expect("opened");
    let end = loop {
        match found.next() {
            Ok(Some(_)) => {}
            Ok(None) => unreachable!("the note was passed over"),
            Err(fault) => break fault,
        }
    };
    assert_eq!(end.code(), "FILE_UNIT_BELOW");
    let stated = format!("{ACCIDENT},直接经济损失（元）\n{ROW},126.5\n注：单位为万元{fills}\n");
    assert_eq!(rows("Accident", &stated).len(), 1, "the heading says another");
}

#[test]
fn a_number_in_a_unit_that_nobody_says_is_not_guessed() {
    let head = "检测编号,采样日期,区县,危害因素,接触限值类型,粉尘粒级";
    let row = "M-1,2024-3-5,右玉县,煤尘,PC-TWA,总粉尘";
    let read = |heading: &str, cell: &str, field: &str| {
        kept("ExposureMeasurement", &format!("{head},{heading}\n{row},{cell}\n"), field)
    };
    let unstated = || Err(vec!["UNIT_UNSTATED".to_owned()]);
    assert_eq!(read("检测值", "8", "valueUg"), unstated());
    assert_eq!(read("检测结果", "8.0", "valueUg"), unstated());
    assert_eq!(read("检测值（mg/m³）", "8", "valueUg"), Ok(json!(8000)));
    assert_eq!(read("检测值", "8mg/m3", "valueUg"), Ok(json!(8000)));
    assert_eq!(read("检测值（μg/m³）", "8", "valueUg"), Ok(json!(8)));
    assert_eq!(read("物理因素检测值（dB(A)）", "85.2", "physicalTenths"), Ok(json!(852)));
    assert_eq!(read("valueUg", "8", "valueUg"), Ok(json!(8)), "as programs name it");
    let above = format!("单位：mg/m³,,,,,,\n{head},检测值\n{row},8\n");
    assert_eq!(kept("ExposureMeasurement", &above, "valueUg"), Ok(json!(8000)));
    let service = |heading: &str, cell: &str| {
        let text =
            format!("伤亡人员编号,事故编号,姓名,伤害程度,{heading}\nV-1,A-1,测试,重伤,{cell}\n");
        kept("AccidentVictim", &text, "serviceMonths")
    };
    assert_eq!(service("工龄", "12"), unstated());
    assert_eq!(service("工龄", "12年"), Ok(json!(144)));
    assert_eq!(service("工龄（月）", "12"), Ok(json!(12)));
}

#[test]
fn words_of_ledgers_are_codes_where_only_one_is_meant() {
    let injury = |heading: &str, cell: &str, field: &str| {
        let head = "工伤认定案号,职工姓名,参保地,受伤时间,认定结论";
        let row = "W-1,测试,右玉县,2024-3-5,认定为工伤";
        kept("WorkInjury", &format!("{head},{heading}\n{row},{cell}\n"), field)
    };
    for cell in
        ["第十四条第（一）项", "第十四条（一）", "14(1)", "14.1", "第十四条第一项", "ART14_1"]
    {
        assert_eq!(injury("适用条款", cell, "article"), Ok(json!("ART14_1")), "{cell}");
    }
    assert_eq!(injury("伤残等级", "10级", "disabilityGrade"), Ok(json!("10")));
    for (heading, field) in
        [("申请时间", "appliedAt"), ("受理时间", "acceptedAt"), ("认定时间", "decidedAt")]
    {
        assert_eq!(injury(heading, "2024年4月1日", field), Ok(json!("2024-04-01")), "{heading}");
    }
    let disease = |heading: &str, cell: &str, field: &str| {
        let head = "报告卡编号,报告类别,姓名,用人单位所在地区,病名,诊断日期";
        let row = "D-1,首次,测试,右玉县,煤工尘肺病,2024-3-5";
        kept("OccupationalDiseaseCase", &format!("{head},{heading}\n{row},{cell}\n"), field)
    };
    for cell in ["一期", "Ⅰ期", "壹", "尘肺壹期", "I"] {
        assert_eq!(disease("期别", cell, "stage"), Ok(json!("STAGE_1")), "{cell}");
    }
    assert_eq!(disease("接害工龄", "20年3个月", "exposureYears"), Ok(json!(20)));
    assert_eq!(disease("接害工龄", "20年3个月", "exposureMonths"), Ok(json!(3)));
    assert_eq!(disease("接害工龄", "20", "exposureYears"), Ok(json!(20)));
    assert!(disease("接害工龄", "2004年3月", "exposureYears").is_err(), "a day is no period");
    let differ = Err(vec!["CELLS_DIFFER".to_owned()]);
    let both = "接害工龄,实际接害工龄之月数";
    assert_eq!(disease(both, "20年3个月,5", "exposureMonths"), differ);
    assert_eq!(disease(both, "20年3个月,3", "exposureMonths"), Ok(json!(3)));
    assert!(disease("开始接触日期", "2004年4月30日前", "exposureStart").is_err(), "no last day");
    assert_eq!(disease("性别", "男性", "sex"), Ok(json!("MALE")));
    assert_eq!(
        disease("职业病危害因素", "煤尘、矽尘", "hazardFactors"),
        Ok(json!(r#"["COAL_DUST","SILICA_DUST"]"#))
    );
    let accident = |heading: &str, cell: &str, field: &str| {
        kept("Accident", &format!("{ACCIDENT},{heading}\n{ROW},{cell}\n"), field)
    };
    for (cell, code) in
        [("610", "0610"), ("0610", "0610"), ("610 烟煤和无烟煤开采洗选", "0610"), ("810", "0810")]
    {
        assert_eq!(accident("行业代码", cell, "industryCode"), Ok(json!(code)), "{cell}");
        assert_eq!(accident("行业", cell, "industryCode"), Ok(json!(code)), "{cell}");
    }
    for cell in ["/", "—", "--", " - "] {
        assert_eq!(accident("事故单位", cell, "employerName"), Ok(Value::Null), "{cell}");
    }
    for cell in ["同上", "〃"] {
        let as_above = Err(vec!["CELL_AS_ABOVE".to_owned()]);
        assert_eq!(accident("事故单位", cell, "employerName"), as_above, "{cell}");
    }
    for (cell, code) in [
        ("01 物体打击", "OBJECT_STRIKE"),
        ("1.物体打击", "OBJECT_STRIKE"),
        ("顶板", "ROOF_FALL"),
        ("高空坠落", "FALL_FROM_HEIGHT"),
        ("中毒窒息", "POISONING_ASPHYXIA"),
        ("其它伤害", "OTHER"),
    ] {
        let row = ROW.replace("物体打击", cell);
        let text = format!("{ACCIDENT}\n{row}\n");
        assert_eq!(kept("Accident", &text, "accidentType"), Ok(json!(code)), "{cell}");
    }
    for cell in ["朔州市朔城区神头镇", "朔城区北旺庄街道"] {
        let text = format!("{ACCIDENT}\n{}\n", ROW.replace("右玉县", cell));
        assert_eq!(kept("Accident", &text, "regionCode"), Ok(json!("140602")), "{cell}");
    }
}

#[test]
fn numbers_of_insured_units_are_read_with_their_units() {
    let unit = |heading: &str, cell: &str, field: &str| {
        let head = "单位年度编号,参保单位编号,单位名称,参保地,行业风险类别,浮动档次";
        let row = "Y-1,U-1,测试单位,右玉县,5类,基准";
        let (year, rate) = ("年度", "基准费率（1/100000）");
        let others = [(year, "2024"), (rate, "1100"), ("参保人数", "1")];
        let stem = |text: &str| text.chars().take(2).collect::<String>();
        let others: Vec<_> =
            others.iter().filter(|(name, _)| stem(name) != stem(heading)).collect();
        let names: String = others.iter().map(|(name, _)| format!(",{name}")).collect();
        let values: String = others.iter().map(|(_, value)| format!(",{value}")).collect();
        let text = format!("{head}{names},{heading}\n{row}{values},{cell}\n");
        kept("InsuredUnitYear", &text, field)
    };
    assert_eq!(unit("参保人数（万人）", "2", "insuredPersons"), Ok(json!(20_000)));
    assert_eq!(unit("参保人数", "2", "insuredPersons"), Ok(json!(2)));
    for (heading, cell) in [
        ("基准费率（%）", "1.1"),
        ("基准费率", "1.1%"),
        ("基准费率", "11‰"),
        ("基准费率（‰）", "11"),
    ] {
        assert_eq!(unit(heading, cell, "baseRatePer100000"), Ok(json!(1100)), "{heading} {cell}");
    }
    assert_eq!(unit("基准费率", "1.1", "baseRatePer100000"), Err(vec!["UNIT_UNSTATED".to_owned()]));
    assert_eq!(unit("年度", "2024年", "year"), Ok(json!(2024)));
}

#[test]
fn a_day_and_its_time_may_stand_in_two_columns_and_a_line_may_end_early() {
    let head = "事故编号,发生日期,发生时间,区县,事故类型,死亡,失踪,重伤,急性中毒,轻伤,事故地点";
    let text =
        |day: &str, time: &str| format!("{head}\nA-1,{day},{time},右玉县,物体打击,0,0,0,0,1\n");
    let at = |day, time| kept("Accident", &text(day, time), "occurredAt");
    assert_eq!(at("2024年3月5日", "9:30"), Ok(json!("2024-03-05T09:30:00+08:00")));
    assert_eq!(at("2024-03-05", "晚8点"), Ok(json!("2024-03-05T20:00:00+08:00")));
    assert_eq!(at("2024-03-05", "2024-03-06 9:30"), Err(vec!["CELLS_DIFFER".to_owned()]));
    assert_eq!(at("2024-03-05", "1900-01-01 09:30:00"), Ok(json!("2024-03-05T09:30:00+08:00")));
    assert_eq!(at("2024-03-05", ""), Ok(json!("2024-03-05T00:00:00+08:00")));
    let short = "事故编号,发生时间,区县,事故类型,死亡,失踪,重伤,急性中毒,轻伤\nA-1,2024-3-5,右玉县,物体打击,0,0,0\n";
    assert_eq!(
        faults(&read(Format::Csv, "Accident", short)),
        [(2, vec!["ROW_RAGGED"])],
        "what has to be there is missing"
    );
    let part = format!("{ACCIDENT}\n{ROW}\n其中：死亡,,,,2,,,,\n");
    assert_eq!(read(Format::Csv, "Accident", part).len(), 1);
}

#[test]
fn an_identity_card_by_its_heading_needs_no_column_of_its_own() {
    let person = |heading: &str| {
        format!("人员编号,姓名,{heading},区县\nP-1,测试,11010119000307123X,右玉县\n")
    };
    assert_eq!(kept("Person", &person("身份证号"), "idType"), Ok(json!("RESIDENT_ID")));
    assert_eq!(refused(Format::Csv, "Person", person("证件号")).code(), "FILE_COLUMNS_MISSING");
}

#[test]
fn a_unit_may_stand_in_a_column_of_its_own() {
    let head = format!("{ACCIDENT},直接经济损失,计量单位");
    let of = |cells: &str| kept("Accident", &format!("{head}\n{ROW},{cells}\n"), "directLossYuan");
    assert_eq!(of("126.5,万元"), Ok(json!("1265000.00")));
    assert_eq!(of("126.5,元"), Ok(json!("126.50")));
    assert_eq!(of("126.5元,万元"), Ok(json!("126.50")), "a number with a unit of its own keeps it");
    assert_eq!(of("126.5,起"), Ok(json!("126.50")), "the unit of something else");
    for unread in ["约万元", "w", "RMB", "", "同上"] {
        assert_eq!(
            of(&format!("126.5,{unread}")),
            Err(vec!["UNIT_UNSTATED".to_owned()]),
            "{unread}"
        );
    }
    // Two that say something different are neither.
    let stated = format!("{ACCIDENT},直接经济损失（万元）,计量单位");
    let of =
        |cells: &str| kept("Accident", &format!("{stated}\n{ROW},{cells}\n"), "directLossYuan");
    assert_eq!(of("30000,元"), Err(vec!["CELLS_DIFFER".to_owned()]));
    assert_eq!(of("3,万元"), Ok(json!("30000.00")));
    let titled = format!("单位：万元{}\n{ACCIDENT},直接经济损失,计量单位", ",".repeat(10));
    let text = format!("{titled}\n{ROW},30000,元\n");
    assert_eq!(kept("Accident", &text, "directLossYuan"), Err(vec!["CELLS_DIFFER".to_owned()]));
}

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
fn months_of_exposure_are_no_years() {
    let head = "报告卡编号,姓名,证件号码,证件类型,用人单位信用代码,区县,职业病名称,诊断日期,报告性质,接害工龄";
    let row = "K-1,王小明,140602190001010015,居民身份证,91140602MA0000001X,右玉县,煤工尘肺,2024-03-05,首次,48";
    let family = "OccupationalDiseaseCase";
    let titled = format!("单位：月{}\n{head}\n{row}\n", ",".repeat(9));
    assert_eq!(kept(family, &titled, "exposureMonths"), Ok(json!(48)));
    let titled = format!("单位：年{}\n{head}\n{row}\n", ",".repeat(9));
    assert_eq!(kept(family, &titled, "exposureYears"), Ok(json!(48)));
    for (heading, field, other) in [
        ("接害工龄（月）", "exposureMonths", "exposureYears"),
        ("接害工龄（年）", "exposureYears", "exposureMonths"),
        ("接害工龄", "exposureYears", "exposureMonths"),
    ] {
        let text = format!("{}\n{row}\n", head.replace("接害工龄", heading));
        assert_eq!(kept(family, &text, field), Ok(json!(48)), "{heading}");
        assert_eq!(kept(family, &text, other), Ok(Value::Null), "{heading}");
    }
    let by_row = format!("{head},计量单位\n{row},月\n");
    let told = kept(family, &by_row, "exposureYears");
    assert_eq!(told, Err(vec!["UNIT_UNSTATED".to_owned()]));
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
fn a_record_with_its_number_is_no_total_whatever_it_says() {
    let head = format!("{ACCIDENT},事故单位,事故地点");
    let text = format!(
        "{head}\n{ROW},合计,x\nA-2,2024-3-6,全市,物体打击,0,0,0,0,1,全市,x\n合计,,,,0,0,0,0,2,,\n,,合计,,0,0,0,0,2,,\n"
    );
    assert_eq!(rows("Accident", &text).len(), 2);
    let counted = format!("序号,{head}\n1,{ROW},x,x\n合计,1,,,,0,0,0,0,1,,\n");
    assert_eq!(rows("Accident", &counted).len(), 1, "1 is how many there are");
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
fn the_template_of_measurements_is_taken_as_it_says() {
    let head = "检测编号,采样日期,区县,危害因素,接触限值类型,物理因素检测值（1/10）,物理因素的单位";
    let text = format!("{head}\nM-1,2024-3-5,右玉县,噪声,PC-TWA,853,dB(A)\n");
    assert_eq!(kept("ExposureMeasurement", &text, "physicalTenths"), Ok(json!(853)));
    let text = text.replace("（1/10）", "");
    let unstated = || Err(vec!["UNIT_UNSTATED".to_owned()]);
    assert_eq!(
        kept("ExposureMeasurement", &text, "physicalTenths"),
        unstated(),
        "853 dB is no sound"
    );
}

/// The rows of a file, or the fault that ends it.
fn all_or_fault(mut rows: super::FileRows) -> Result<Vec<FileRow>, FileFault> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(row);
    }
    Ok(found)
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
fn what_is_no_record_and_no_name_is_taken_for_none() {
    let text = format!(
        "{ACCIDENT},事故单位\n{ROW},甲厂\n上年同期,2023-3-5,朔州市,物体打击,0,0,0,0,2,\nA-3,2024-3-7,右玉县,物体打击,0,0,0,0,1,\"\"\"\"\n"
    );
    let found = rows("Accident", &text);
    assert_eq!(found.len(), 2, "a row that compares is none");
    let codes: Vec<&str> = found[1].faults.iter().map(|fault| fault.code.as_ref()).collect();
    assert_eq!(codes, ["CELL_AS_ABOVE"]);
}

#[test]
fn a_result_belongs_to_the_field_of_its_unit() {
    let head = "检测编号,采样日期,区县,危害因素,接触限值类型,粉尘粒级";
    let dust = "M-1,2024-3-5,右玉县,煤尘,PC-TWA,总粉尘";
    let noise = "M-1,2024-3-5,右玉县,噪声,PC-TWA,";
    let fills = ",".repeat(6);
    for (text, field, expected) in [
        (format!("{head},检测结果（mg/m³）\n{dust},4.2\n"), "valueUg", 4200),
        (format!("{head},检测结果（dB(A)）\n{noise},85.2\n"), "physicalTenths", 852),
        (format!("{head},检测结果[dB（A）]\n{noise},85.2\n"), "physicalTenths", 852),
        (format!("{head},检测结果\n{fills}dB(A)\n{noise},85.2\n"), "physicalTenths", 852),
        (format!("单位：dB(A){fills}\n{head},检测结果\n{noise},85.2\n"), "physicalTenths", 852),
        (format!("{head},检测结果/dB(A)\n{noise},85.2\n"), "physicalTenths", 852),
        (format!("{head},检测结果 dB（A）\n{noise},85.2\n"), "physicalTenths", 852),
        (format!("{head},噪声强度dB(A)\n{noise},85.2\n"), "physicalTenths", 852),
        (format!("{head},检测结果\n{noise},85.2dB(A)\n"), "physicalTenths", 852),
        (format!("{head},检测结果\n{dust},4.2 mg / m3\n"), "valueUg", 4200),
        (format!("{head},检测结果,计量单位\n{noise},85.2,dB(A)\n"), "physicalTenths", 852),
        (format!("{head},检测结果,计量单位\n{dust},4.2,mg/m³\n"), "valueUg", 4200),
        (
            format!("{head},物理因素检测值,物理因素的单位\n{noise},85.3,dB(A)\n"),
            "physicalTenths",
            853,
        ),
    ] {
        assert_eq!(kept("ExposureMeasurement", &text, field), Ok(json!(expected)), "{text}");
    }
    // Of two results each its own.
    let both = format!("{head},检测结果（mg/m³）,检测结果（dB(A)）\n{dust},4.2,\n");
    assert_eq!(kept("ExposureMeasurement", &both, "valueUg"), Ok(json!(4200)));
    let neither = format!("{head},检测结果（cd）\n{dust},4.2\n");
    assert_eq!(
        kept("ExposureMeasurement", &neither, "valueUg"),
        Err(vec!["UNIT_UNSTATED".to_owned()])
    );
}

#[test]
fn two_lines_of_a_head_may_part_losses_and_years_from_months() {
    let losses = format!(
        "事故编号,发生时间,区县,事故类型,伤亡情况,,,,,经济损失（万元）,\n\
         ,,,,死亡,失踪,重伤,急性中毒,轻伤,直接,间接\n{ROW},126.5,9\n"
    );
    assert_eq!(kept("Accident", &losses, "directLossYuan"), Ok(json!("1265000.00")));
    // Losses without a word are direct and indirect ones together.
    let both = format!("{ACCIDENT},经济损失（万元）\n{ROW},126.5\n");
    assert_eq!(kept("Accident", &both, "directLossYuan"), Ok(Value::Null));
    let years = "报告卡编号,姓名,证件号码,证件类型,用人单位信用代码,区县,职业病名称,诊断日期,报告性质,接害工龄,\n\
                 ,,,,,,,,,年,月\nK-1,王小明,140602190001010015,居民身份证,91140602MA0000001X,右玉县,煤工尘肺,2024-03-05,首次,20,3\n";
    assert_eq!(kept("OccupationalDiseaseCase", years, "exposureYears"), Ok(json!(20)));
    assert_eq!(kept("OccupationalDiseaseCase", years, "exposureMonths"), Ok(json!(3)));
}
