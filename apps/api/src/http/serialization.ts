import SerializerSelector from '@fastify/fast-json-stringify-compiler';

/**
 * Fastify's own serializers, but each is compiled when its route first answers. With some hundred routes and shared
 * schemas, compiling all of them took seconds of the start.
 */
export const compileSerializersLate: SerializerSelector.SerializerFactory = (schemas, options) => {
  const compile = SerializerSelector()(schemas, options);
  return (route) => {
    let serialize: SerializerSelector.Serializer | undefined;
    return (body) => {
      serialize ??= compile(route);
      return serialize(body);
    };
  };
};
