//! A Chinese export in GB18030 through `examples/profiles/emergency-gb18030.toml`.

use encoding_rs::GB18030;
use serde_json::json;

use super::{example, records, refused, rejects_file};
use crate::import::survey::Survey;

const HEADER: &str = "事故编号,发生时间,接报时间,行政区划代码,事故地点,事故单位,统一社会信用代码,行业代码,事故类型,死亡人数,失踪人数,\
                      重伤人数,急性工业中毒人数,轻伤人数,直接经济损失（万元）,是否道路交通,批复日期,状态,事故经过";

fn fixture() -> Vec<u8> {
    let rows = [
        "朔应急〔2024〕1号,2024年3月5日9时30分,2024-03-05 10:02,140602,㐂丰镇𠮷庄村,朔州示例煤业有限公司,,610,冒顶片帮,1,,2,,,１２３.4５,否,\
         2024年8月1日,认定,\"掘进面顶板垮落，\n3人被埋\"",
        "朔应急〔2024〕2号,2024/3/6 14:05,,140602,无,示例运输公司,,5430,车辆伤害,0,0,0,0,1,—,是,,快报,",
        "朔应急〔2024〕2号,2024/3/7 08:00,,140602,无,示例运输公司,,5430,车辆伤害,0,0,0,0,1,,是,,快报,",
        "朔应急〔2024〕3号,2024-02-30 08:00,,140602,,示例公司,,0610,透水,一人,,,,,,,,快报,",
        "朔应急〔2024〕4号,2024-03-08 08:00,,140602,,示例公司,,0610,摔伤,,,,,,,,,快报,",
        "朔应急〔2024〕5号,2024-03-08 08:00,,140602,,示例公司,,0610,触电,,,,,,,,,误报,",
        "合计,,,,,,,,,1,0,2,0,2,,,,,",
    ];
    GB18030.encode(&format!("{HEADER}\r\n{}\r\n", rows.join("\r\n"))).0.into_owned()
}

#[test]
fn a_gb18030_export_becomes_accidents_with_rare_characters_and_full_width_digits() {
    let (profile, source) = (example("emergency-gb18030.toml"), fixture());
    assert!(std::str::from_utf8(&source).is_err(), "the fixture is no UTF-8");
    let survey = Survey::new(&profile, &source).expect("the file is readable");
    let counts = survey.counts();
    assert_eq!((counts.read, counts.used, counts.rejected), (7, 2, 3));
    assert_eq!(counts.skipped.get("total-row"), Some(&1));
    assert_eq!(counts.skipped.get("void-record"), Some(&1));
    assert_eq!(
        refused(&survey),
        ["5 KEY_DUPLICATE", "6 NUMBER_INVALID TIME_NO_SUCH_DATE", "7 VALUE_NOT_MAPPED"]
            .map(str::to_owned)
    );
    let mapped = records(&survey, &source);
    assert_eq!(mapped[0].lines, [2]);
    let expected = json!({
        "accidentNo": "朔应急〔2024〕1号", "occurredAt": "2024-03-05T09:30:00+08:00", "reportedAt": "2024-03-05T10:02:00+08:00",
        "regionCode": "140602", "address": "㐂丰镇𠮷庄村", "employerName": "朔州示例煤业有限公司", "industryCode": "0610",
        "accidentType": "ROOF_FALL", "deaths": 1, "missing": 0, "seriousInjuries": 2, "acutePoisonings": 0, "minorInjuries": 0,
        "directLossYuan": "1234500.00", "roadTraffic": false, "approvedAt": "2024-08-01", "course": "掘进面顶板垮落，\n3人被埋",
    });
    assert_eq!(serde_json::Value::from(mapped[0].row.clone()), expected);
}

#[test]
fn the_rejects_of_a_gb18030_file_are_gb18030_and_come_in_again_once_mended() {
    let (profile, source) = (example("emergency-gb18030.toml"), fixture());
    let survey = Survey::new(&profile, &source).expect("the file is readable");
    let rejects = rejects_file(&survey, &source);
    let (text, _, damaged) = GB18030.decode(&rejects);
    assert!(
        !damaged
            && text
                .starts_with("lianfang_line,lianfang_family,lianfang_field,lianfang_code,lianfang_message,lianfang_keys,事故编号,")
    );
    let mended =
        text.replace("摔伤", "其他伤害").replace("2024-02-30", "2024-02-29").replace("一人", "1");
    let mended = mended.replace(",朔应急〔2024〕2号,", ",朔应急〔2024〕6号,");
    let mended = GB18030.encode(&mended).0.into_owned();
    let again = Survey::new(&profile, &mended).expect("the rejects file is readable");
    assert_eq!(refused(&again), [] as [String; 0]);
    let keys: Vec<String> = records(&again, &mended).into_iter().map(|record| record.key).collect();
    assert_eq!(keys, ["朔应急〔2024〕6号", "朔应急〔2024〕3号", "朔应急〔2024〕4号"]);
}
