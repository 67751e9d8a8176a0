import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'

/**
 * The compilers of the routes' schemas. Each schema is compiled when the first request needs it: compiling those of
 * all routes was a third of the time between `npm start` and "ready".
 */

type RouteSchema = Parameters<FastifySchemaCompiler<unknown>>[0]
/** Gives whether the value fits, and says on itself what is wrong when it does not. */
type Validate = ReturnType<FastifySchemaCompiler<unknown>>
type Serialize = (value: unknown) => string

interface SchemaCompilers<Compiled> {
  /** @throws at once when the schema is wrong */
  readonly now: (routeSchema: RouteSchema) => Compiled
  /** @throws at the first call of what it gives when the schema is wrong */
  readonly atFirstUse: (routeSchema: RouteSchema) => Compiled
}

/** Path and query come as text and are coerced; a body is JSON and must be right as it stands. */
export function createValidatorCompilers(): SchemaCompilers<Validate> {
  const shared = { allErrors: false, useDefaults: true, removeAdditional: false, strict: false } as const
  const body = new Ajv({ ...shared, coerceTypes: false })
  const rest = new Ajv({ ...shared, coerceTypes: 'array' })
  for (const ajv of [body, rest]) addFormats.default(ajv)
  const now = ({ schema, httpPart }: RouteSchema) =>
    (httpPart === 'body' ? body : rest).compile(schema as object) as Validate
  return {
    now,
    atFirstUse(routeSchema) {
      let compiled: Validate | undefined
      const validate: Validate = (value) => {
        compiled ??= now(routeSchema)
        const fits = compiled(value)
        validate.errors = compiled.errors ?? null
        return fits
      }
      return validate
    },
  }
}

/** Routes that answer with the very same schema, as all do with a problem, share what it was compiled to. */
export function createSerializerCompilers(): SchemaCompilers<Serialize> {
  const compile = SerializerSelector()({}, {})
  const compiled = new WeakMap<object, Serialize>()
  const now = (routeSchema: RouteSchema): Serialize => {
    const schema = routeSchema.schema as object
    const serialize = compiled.get(schema) ?? (compile(routeSchema as Parameters<typeof compile>[0]) as Serialize)
    compiled.set(schema, serialize)
    return serialize
  }
  return {
    now,
    atFirstUse(routeSchema) {
      let serialize: Serialize | undefined
      return (value) => {
        serialize ??= now(routeSchema)
        return serialize(value)
      }
    },
  }
}
