//! What a profile may not say, and where the error points.

use super::example;
use crate::import::profile::Profile;

const OUTPUT: &str = "[[output]]\nfamily='X'\nfields={}\nkey={ field='x', compose=['x'] }\n";
const HEAD: &str = "[profile]\nname='p'\ndescription='d'\nencoding='utf-8'\nsource_system='S'\n";

fn error(text: &str) -> String {
    Profile::parse(text).err().map(|error| format!("{} {error}", error.code())).unwrap_or_default()
}

fn output(key: &str, fields: &str) -> String {
    format!("{HEAD}[[output]]\nfamily='Accident'\nkey={{{key}}}\n[output.fields]\n{fields}\n")
}

#[test]
fn unknown_keys_are_refused_with_their_place() {
    for (text, place) in [
        (format!("{HEAD}colour='red'\n{OUTPUT}"), "colour"),
        (format!("{HEAD}[[skip]]\nname='x'\nwen={{}}\n{OUTPUT}"), "wen"),
        (output("field='accidentNo', compose=['A']", "deaths={ colum='A' }"), "colum"),
        (output("field='accidentNo', compose=['A'], on_collision='forget'", ""), "forget"),
        (
            output("field='accidentNo', compose=['A']", "deaths={ count_when={ A={ is='x' } } }"),
            "is",
        ),
        (HEAD.replace("utf-8", "latin1") + OUTPUT, "latin1"),
    ] {
        let message = error(&text);
        assert!(
            message.starts_with("PROFILE_SYNTAX")
                && message.contains(place)
                && message.contains("line"),
            "{message}"
        );
    }
}

#[test]
fn contradictions_are_refused_with_their_place() {
    let key = "field='accidentNo', compose=['A']";
    let merge = "field='accidentNo', compose=['A'], on_collision='merge'";
    for (text, place) in [
        (HEAD.to_owned() + "[[skip]]\nname='a'\nwhen={}\n" + OUTPUT, "skip a"),
        (HEAD.replace("name='p'", "name=' '") + OUTPUT, "[profile]"),
        (HEAD.to_owned() + "delimiter='，'\n" + OUTPUT, "delimiter"),
        (HEAD.to_owned() + "timezone_offset='Beijing'\n" + OUTPUT, "timezone_offset"),
        (HEAD.to_owned() + "[[derive]]\nname='x'\ncases=[{ column='x' }]\n" + OUTPUT, "derive x"),
        (output("field='accidentNo'", ""), "output Accident, key"),
        (output("field='accidentNo', under='Employer'", ""), "output Accident, key"),
        (output("field='accidentNo', compose=['A'], same=['B']", ""), "output Accident, key"),
        (output(key, "accidentNo={ column='A' }"), "output Accident, key"),
        (output(key, "deaths={ column='A', constant=1 }"), "field deaths"),
        (output(key, "deaths={}"), "field deaths"),
        (output(key, "deaths={ count_when={ A={ equals='x' } } }"), "field deaths"),
        (output(key, "employerNo={ key_of='Employer' }"), "field employerNo"),
        (output(key, "occurredAt={ column='A', instant=['%Y'] }"), "field occurredAt"),
        (output(key, "deaths={ column='A', map={ x=1.5 } }"), "field deaths"),
        (output(key, "deaths={ column='A', number={}, map={ x=1 } }"), "field deaths"),
        (output(merge, "deaths={ column='A', take='sum' }"), "field deaths"),
        (output(merge, "name={ column='A', take='latest' }"), "field name"),
        (output(merge, "deaths={ count_when={ A={} } }"), "column A"),
    ] {
        let message = error(&text);
        assert!(
            message.starts_with("PROFILE_INVALID") && message.contains(place),
            "{place}: {message}"
        );
    }
}

#[test]
fn the_examples_say_which_families_and_fields_they_feed() {
    let msha = example("msha.toml");
    let families: Vec<&str> = msha.outputs().map(|(family, _)| family).collect();
    assert_eq!(families, ["Employer", "Accident", "AccidentVictim"]);
    assert!(msha.outputs().all(|(_, fields)| fields[0].ends_with("No") && fields.len() > 3));
    assert!(
        msha.constants()
            .any(|(family, field, value)| (family, field) == ("Accident", "regionCode")
                && value == "140600")
    );
    assert_eq!((msha.name(), msha.source_system(), msha.passes()), ("msha", "MSHA-PART50", 5));
    assert_eq!(example("emergency-gb18030.toml").outputs().count(), 1);
}
