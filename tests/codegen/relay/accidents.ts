// A list that Relay pages through, the record of an identifier, and a page of changes.
import { graphql } from "relay-runtime";

export const list = graphql`
  query accidentsListQuery($count: Int!, $cursor: String) {
    ...accidents_list @arguments(count: $count, cursor: $cursor)
  }
`;

export const fragment = graphql`
  fragment accidents_list on Query
  @refetchable(queryName: "accidentsPageQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    accidents(first: $count, after: $cursor) @connection(key: "accidents_accidents") {
      edges {
        node {
          id
          accidentNo
          deaths
          employer {
            name
          }
        }
      }
    }
  }
`;

export const record = graphql`
  query accidentsRecordQuery($id: ID!) {
    node(id: $id) {
      __typename
      ... on Accident {
        reportedAt
      }
      ... on OccupationalDiseaseCase {
        reportedOn
      }
    }
  }
`;
