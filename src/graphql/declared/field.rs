//! Root fields derived from a function: its arguments and its answer are structs, from which the
//! types of the schema follow.

use async_graphql::{
    Value,
    dynamic::{Enum, EnumItem, Field, FieldFuture, FieldValue, ResolverContext, TypeRef},
};
use futures_util::future::BoxFuture;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::HubError,
    graphql::{
        declared::{self, Declared, about, given::ArgumentDeclaration, kinds::Named},
        fault::{report, resolved},
        part::SubjectSchema,
        records::{query, selection::CollectedField, shape::ShapeBuilder},
    },
};

/// The arguments of a field. The description of the field is that of the struct.
pub trait FieldArguments: DeserializeOwned + JsonSchema + Send + 'static {}

impl<A: DeserializeOwned + JsonSchema + Send + 'static> FieldArguments for A {}

/// The answer of a field.
pub trait FieldAnswer: Serialize + JsonSchema + 'static {}

impl<R: Serialize + JsonSchema + 'static> FieldAnswer for R {}

impl SubjectSchema {
    /// Adds a field of `Query`. An error leaves `null` there.
    #[must_use]
    pub fn query<A: FieldArguments, R: FieldAnswer>(
        mut self,
        name: &str,
        resolve: Resolve<A, R>,
    ) -> Self {
        let field = self.field(name, resolve);
        self.queries.push(field);
        self
    }

    /// Adds a field of `Mutation`. An error leaves `null` there.
    #[must_use]
    pub fn mutation<A: FieldArguments, R: FieldAnswer>(
        mut self,
        name: &str,
        resolve: Resolve<A, R>,
    ) -> Self {
        let field = self.field(name, resolve);
        self.mutations.push(field);
        self
    }

    /// Adds a field of `Query` that is answered immediately and cannot fail.
    #[must_use]
    pub fn always<A: FieldArguments, R: FieldAnswer>(
        mut self,
        name: &str,
        resolve: for<'a> fn(&'a ResolverContext<'a>, A) -> R,
    ) -> Self {
        let (kind, arguments) = (self.output::<R>(), self.arguments::<A>());
        let (values, description) = (arguments.values(), about(arguments.schema()));
        let field = Field::new(name, kind, move |ctx| {
            let answer = arguments.read(ctx.args.as_index_map()).map(|given| resolve(&ctx, given));
            FieldFuture::Value(answered(&ctx, answer))
        });
        self.queries.push(values.into_iter().fold(field, Field::argument).description(description));
        self
    }

    /// Adds a field of `Query` whose answer, of the type of `R`, is written as JSON according to
    /// the selection.
    #[must_use]
    pub fn written<A: FieldArguments, R: JsonSchema>(
        mut self,
        name: &str,
        write: Write<A>,
    ) -> Self {
        let (kind, arguments) = (self.output::<R>(), self.arguments::<A>());
        let (values, description) = (arguments.values(), about(arguments.schema()));
        let field = Field::new(name, kind, move |ctx| {
            let arguments = arguments.clone();
            resolved(async move {
                let json = async |maker: &ShapeBuilder<'_>, uses: &CollectedField<'_>| {
                    write(maker, &ctx, uses, arguments.read(ctx.args.as_index_map())?).await
                };
                query::answered(&ctx, json).await
            })
        });
        self.queries.push(values.into_iter().fold(field, Field::argument).description(description));
        self
    }

    /// Adds an enum defined in the program.
    #[must_use]
    pub fn choice<E: Named, T: Into<String>>(
        mut self,
        description: &str,
        item: impl Fn(E) -> T,
    ) -> Self {
        self.enums.push(
            E::ALL.iter().fold(Enum::new(E::NAME).description(description), |list, &own| {
                list.item(EnumItem::new(own.code()).description(item(own)))
            }),
        );
        self
    }

    fn field<A: FieldArguments, R: FieldAnswer>(
        &mut self,
        name: &str,
        resolve: Resolve<A, R>,
    ) -> Field {
        let kind = match self.output::<R>() {
            TypeRef::NonNull(own) => *own,
            own => own,
        };
        let arguments = self.arguments::<A>();
        let (values, description) = (arguments.values(), about(arguments.schema()));
        let field = Field::new(name, kind, move |ctx| {
            let arguments = arguments.clone();
            resolved(async move {
                let answer =
                    async { resolve(&ctx, arguments.read(ctx.args.as_index_map())?).await };
                answered(&ctx, answer.await)
            })
        });
        values.into_iter().fold(field, Field::argument).description(description)
    }

    /// Adds the types of an arguments struct.
    pub fn arguments<A: JsonSchema>(&mut self) -> ArgumentDeclaration {
        let arguments = ArgumentDeclaration::of::<A>();
        let (inputs, enums) = declared::inputs(arguments.schema());
        self.inputs.extend(inputs);
        self.enums.extend(enums);
        arguments
    }

    /// Adds the types of an answer struct, and returns the answer's own type.
    pub fn output<R: JsonSchema>(&mut self) -> TypeRef {
        let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
        let own = generator.subschema_for::<R>().to_value();
        let Declared { objects, enums } =
            declared::outputs(&serde_json::json!({"$defs": generator.take_definitions(true)}));
        self.objects.extend(objects);
        self.enums.extend(enums);
        declared::kind("", &own)
    }
}

/// An answer for the library; an error is recorded and leaves `null`.
#[must_use]
pub fn answered<'a>(
    ctx: &ResolverContext<'_>,
    answer: Result<impl Serialize, HubError>,
) -> Option<FieldValue<'a>> {
    let value =
        answer.and_then(|answer| async_graphql::to_value(answer).map_err(HubError::internal));
    report(ctx, value).filter(|value| *value != Value::Null).map(FieldValue::value)
}

/// The function that answers a field.
pub type Resolve<A, R> =
    for<'a> fn(&'a ResolverContext<'a>, A) -> BoxFuture<'a, Result<R, HubError>>;

/// The function that writes the answer of a field.
pub type Write<A> = for<'a> fn(
    &'a ShapeBuilder<'a>,
    &'a ResolverContext<'a>,
    &'a CollectedField<'a>,
    A,
) -> BoxFuture<'a, Result<Vec<u8>, HubError>>;
