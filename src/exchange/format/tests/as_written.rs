//! What people write in ledgers, and what is read of it: words for codes, days, headings of
//! departments. What could be several is a fault, and never a guess.

use super::*;

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
fn what_is_no_record_and_no_name_is_taken_for_none() {
    let text = format!(
        "{ACCIDENT},事故单位\n{ROW},甲厂\n上年同期,2023-3-5,朔州市,物体打击,0,0,0,0,2,\nA-3,2024-3-7,右玉县,物体打击,0,0,0,0,1,\"\"\"\"\n"
    );
    let found = rows("Accident", &text);
    assert_eq!(found.len(), 2, "a row that compares is none");
    let codes: Vec<&str> = found[1].faults.iter().map(|fault| fault.code.as_ref()).collect();
    assert_eq!(codes, ["CELL_AS_ABOVE"]);
}
