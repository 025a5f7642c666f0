// 一问一答：整份材料一次取回。 One question, one answer: the whole of the materials.
import document from "../operation.graphql?raw";
import type { JointMeetingQuery, JointMeetingQueryVariables } from "./types";

export type Meeting = NonNullable<JointMeetingQuery["jointMeeting"]>;
export type Brief = NonNullable<Meeting["brief"]>;

/** 平台的答复说明了原因时，原样给出。 What the hub says is wrong, in its own words. */
export class Refused extends Error {}

interface Answer {
  data?: JointMeetingQuery | null;
  errors?: { message: string }[];
}

export async function ask(token: string, variables: JointMeetingQueryVariables): Promise<Meeting> {
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: document, variables }),
  });
  const { data, errors }: Answer = await answer.json();
  if (errors?.length) throw new Refused(errors.map((error) => error.message).join("\n"));
  if (!data?.jointMeeting) throw new Refused("平台没有给出材料。");
  return data.jointMeeting;
}
