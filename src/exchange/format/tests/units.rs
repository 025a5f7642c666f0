//! In which unit the numbers of a ledger are, by headings, columns and cells.

use super::*;

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

#[test]
fn below_the_unit_of_another_thing_there_are_no_persons() {
    let head = "活动编号,活动类别,主题,开始日期,举办地区划代码";
    let row = "HD-1,SAFETY_MONTH,安全生产月,2024-6-1,朔州市,12";
    let text = |heading: &str| format!("{head},{heading}\n{row}\n");
    for heading in ["覆盖人次（场次）", "覆盖人次（场）", "覆盖人次（个）", "覆盖人次（人次/场）"]
    {
        let fault = refused(Format::Csv, "Campaign", text(heading));
        assert_eq!(fault.code(), "FILE_HEADING_UNIT", "{heading}");
    }
    for (heading, expected) in [
        ("覆盖人次", 12),
        ("覆盖人次（人次）", 12),
        ("覆盖人次（含线上）", 12),
        ("覆盖人次（含模拟演练）", 12),
        ("覆盖人次（次）", 12),
        ("覆盖人次（人/次）", 12),
        ("覆盖人次（万次）", 120_000),
        ("参与人次（千人次）", 12_000),
        ("覆盖人次（万人次）", 120_000),
    ] {
        assert_eq!(kept("Campaign", &text(heading), "reached"), Ok(json!(expected)), "{heading}");
    }
}

#[test]
fn a_column_that_holds_units_alone_is_that_of_the_units() {
    let two = |heading: &str, first: &str, second: &str| {
        format!(
            "{ACCIDENT},直接经济损失,{heading}\n{ROW},12.5,{first}\nA-2,2024-3-6,右玉县,物体打击,0,0,0,0,1,3000,{second}\n"
        )
    };
    for heading in ["单位", "损失单位", "计量单位"] {
        let text = two(heading, "万元", "元");
        assert_eq!(kept("Accident", &text, "directLossYuan"), Ok(json!("125000.00")), "{heading}");
    }
    let employers = two("单位", "甲厂", "乙厂");
    assert_eq!(kept("Accident", &employers, "directLossYuan"), Ok(json!("12.50")));
    // The same amount in 元 beside one whose unit nobody says.
    let beside = format!("{ACCIDENT},直接经济损失,元\n{ROW},12.5,125000\n");
    assert_eq!(refused(Format::Csv, "Accident", beside).code(), "FILE_HEADING_UNIT");
}

#[test]
fn bases_and_campaigns_are_read_in_the_words_of_their_ledgers() {
    let base = "编号,教育基地名称,立项时间,所在地区划代码,依托单位,基地类别,状态,公示异议,功能分区,参观人次\n\
                JD-1,煤矿警示教育基地,2023-3-1,朔州市,甲公司,一类,在建,无异议,案例展示、体感实训,1200\n";
    for (field, expected) in [
        ("baseClass", json!("CLASS_1")),
        ("baseStatus", json!("BUILDING")),
        ("objected", json!(false)),
        ("zones", json!(r#"["CASES","EXPERIENCE"]"#)),
        ("visits", json!(1200)),
    ] {
        assert_eq!(kept("EducationBase", base, field), Ok(expected), "{field}");
    }
    let campaign = "编号,活动类型,活动主题,活动日期,举办地区划代码,宣传方式,活动经费（万元）\n\
                    HD-1,安全月,安全生产月,2024-6-1,朔州市,微信、微博、现场,3.5\n";
    for (field, expected) in [
        ("campaignKind", json!("SAFETY_MONTH")),
        ("media", json!(r#"["ONSITE","SOCIAL"]"#)),
        ("costYuan", json!("35000.00")),
    ] {
        assert_eq!(kept("Campaign", campaign, field), Ok(expected), "{field}");
    }
}

#[test]
fn brackets_that_make_another_number_of_it_are_heard() {
    let refused_as = |family: &str, head: &str, row: &str| match opened(
        Format::Csv,
        None,
        family,
        format!("{head}\n{row}\n").as_str(),
    ) {
        Ok(_) => String::new(),
        Err(fault) => fault.code().to_owned(),
    };
    let accident = |heading: &str| {
        refused_as("Accident", &format!("{ACCIDENT},直接经济损失{heading}"), &format!("{ROW},12.5"))
    };
    for heading in [
        "（元/万元）",
        "（元，万元）",
        "（万元/人）",
        "（元/天）",
        "（每人，万元）",
        "（万元或元）",
    ] {
        assert_eq!(accident(heading), "FILE_HEADING_UNIT", "{heading}");
    }
    for heading in ["（万元/起）", "（万元）", "（元，估算）"] {
        assert_eq!(accident(heading), "", "{heading}");
    }
    for (heading, expected) in
        [("（不含间接损失）", json!("12.50")), ("（含赔偿，万元）", json!("125000.00"))]
    {
        let text = format!("{ACCIDENT},直接经济损失{heading}\n{ROW},12.5\n");
        assert_eq!(kept("Accident", &text, "directLossYuan"), Ok(expected), "{heading}");
    }
    let above = format!(
        "事故编号,发生时间,区县,事故类型,伤亡情况（上年）,,,,,\n,,,,死亡,失踪,重伤,急性中毒,轻伤,直接经济损失\n{ROW},12.5\n"
    );
    let fault = refused(Format::Csv, "Accident", above);
    assert_eq!(fault.code(), "FILE_COLUMNS_MISSING", "what stands above counts too");
    // Another number than that of its name is not read; what is required is missing then.
    let head = ACCIDENT.replace("死亡", "死亡（上年）");
    assert_eq!(refused_as("Accident", &head, ROW), "FILE_COLUMNS_MISSING");
    let text = format!("{ACCIDENT},直接经济损失（其中赔偿，万元）\n{ROW},12.5\n");
    assert_eq!(kept("Accident", &text, "directLossYuan"), Ok(Value::Null));
    let campaign = "活动编号,活动类别,主题,开始日期,举办地区划代码";
    let row = "HD-1,SAFETY_MONTH,安全生产月,2024-6-1,朔州市,12";
    for heading in ["（千）", "（百）", "（册）", "（人/班）"] {
        let head = format!("{campaign},覆盖人次{heading}");
        assert_eq!(refused_as("Campaign", &head, row), "FILE_HEADING_UNIT", "{heading}");
    }
    let measured = "检测编号,采样日期,区县,危害因素,接触限值类型,粉尘粒级,检测结果";
    for (unit, expected) in
        [("mg/m^3", 4200), ("mg·m-3", 4200), ("mg/m³，最大值", 4200), ("μg/m3", 4)]
    {
        let value = if expected == 4 { "4" } else { "4.2" };
        let text =
            format!("{measured}（{unit}）\nM-1,2024-3-5,右玉县,煤尘,PC-TWA,总粉尘,{value}\n");
        assert_eq!(kept("ExposureMeasurement", &text, "valueUg"), Ok(json!(expected)), "{unit}");
    }
}

#[test]
fn a_line_above_that_no_heading_agrees_with_is_refused() {
    let fills = ",".repeat(9);
    let read = |above: &str, heading: &str| {
        let text = format!("{above}{fills}\n{ACCIDENT},直接经济损失{heading}\n{ROW},12.5\n");
        match opened(Format::Csv, None, "Accident", text.as_str()) {
            Ok(rows) => all(rows).len().to_string(),
            Err(fault) => fault.code().to_owned(),
        }
    };
    for (above, heading) in
        [("单位：万元", "（元）"), ("单位：元", "（万元）"), ("金额单位：万元、人", "（元）")]
    {
        assert_eq!(read(above, heading), "FILE_HEADING_UNIT", "{above} {heading}");
    }
    for (above, heading) in
        [("单位：万元", "（万元）"), ("单位：人、起", "（元）"), ("单位：万元、人", "")]
    {
        assert_eq!(read(above, heading), "1", "{above} {heading}");
    }
}

#[test]
fn a_day_and_its_time_may_stand_under_one_heading() {
    let lines = "事故编号,发生时间,,区县,事故类型,死亡,失踪,重伤,急性中毒,轻伤\n\
                 ,日期,时间,,,,,,,\n\
                 A-1,2024-3-5,9:30,右玉县,物体打击,0,0,0,0,1\n";
    let expected = Ok(json!("2024-03-05T09:30:00+08:00"));
    assert_eq!(kept("Accident", lines, "occurredAt"), expected);
}
