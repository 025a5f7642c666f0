// What a program does with a change: the type of the record decides which fields there are, and each has one type.
import type { ChangesQuery } from "./hub.js";

type Record = NonNullable<ChangesQuery["changes"]>["events"][number]["record"];

export function told(record: Record): string | null {
  switch (record?.__typename) {
    case "Accident":
      return record.reportedAt ?? null;
    case "OccupationalDiseaseCase":
      return record.reportedOn ?? null;
    case "WorkInjury":
      return record.injuredAt ?? null;
    default:
      return null;
  }
}
