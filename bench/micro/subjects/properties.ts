import type * as PropertiesFile from '../../../lib/wire/properties'
import type { MeasuredBuild, Subject } from '../micro-case'
import { PROPERTIES } from '../samples'

const load = (build: MeasuredBuild): typeof PropertiesFile => build.load<typeof PropertiesFile>('wire/properties')

/** The text in which properties travel. */
export const properties: Subject = {
  'write 8': build => {
    const { encodeProperties } = load(build)
    // A text is put together from its parts only when it is looked into.
    return { run: () => Buffer.byteLength(encodeProperties(PROPERTIES)) }
  },
  'read 8': build => {
    const { decodeProperties, encodeProperties } = load(build)
    const text = Buffer.from(encodeProperties(PROPERTIES)).toString()
    return { run: () => decodeProperties(text) }
  },
  'find one of 8 in the bytes': build => {
    const { encodeProperties, findProperty } = load(build)
    const source = Buffer.from(encodeProperties(PROPERTIES))
    return { run: () => findProperty(source, 0, source.length, 'TRACE_ON') }
  },
}
