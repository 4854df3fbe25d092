import fc from './property'
import { LANGUAGES } from '../../lib/wire/language'
import type { OutgoingCommand, RemotingCommand } from '../../lib/wire/remoting-command'

const int32 = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff })
const int16 = fc.integer({ min: -0x8000, max: 0x7fff })
/** Text without lone surrogates, which UTF-8 cannot carry; not empty, as the binary header does not tell that from null. */
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
const body = fc.option(
  fc.uint8Array({ minLength: 1, maxLength: 400 }).map(bytes => Buffer.from(bytes)),
  { nil: undefined },
)
const extFields = fc.option(
  fc.dictionary(fc.oneof(text, fc.constantFrom('__proto__', 'constructor')), text, { minKeys: 1, maxKeys: 6 }),
  { nil: undefined },
)
const remark = fc.option(text, { nil: undefined })

/** Any command that both kinds of header can carry. */
export const anyCommand: fc.Arbitrary<OutgoingCommand> = fc.record({
  code: int16,
  language: fc.constantFrom(...LANGUAGES),
  version: int16,
  opaque: int32,
  flag: int32,
  remark,
  extFields,
  body,
  serializeType: fc.constantFrom('JSON', 'ROCKETMQ'),
})

/** The command as it should be read. */
export function received(command: OutgoingCommand): RemotingCommand {
  return {
    ...command,
    remark: command.remark,
    extFields: command.extFields,
    body: Buffer.from(command.body ?? []),
  }
}
