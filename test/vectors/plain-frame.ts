import { FrameDecoder } from '../../lib/wire/frame-decoder'
import { isOneway, isResponse, type RemotingCommand } from '../../lib/wire/remoting-command'

/** Bytes of a frame given as hex. */
export function readFrame(hex: unknown): Buffer {
  return Buffer.from(String(hex), 'hex')
}

/** Decodes one whole frame as it comes from a socket. */
export function decodeWholeFrame(frame: Buffer): RemotingCommand {
  const commands: RemotingCommand[] = []
  new FrameDecoder(command => commands.push(command)).push(frame)
  expect(commands).toHaveLength(1)
  return commands[0] as RemotingCommand
}

/** What the vectors call `decoded`. */
export function decodedFrame(frame: Buffer): Record<string, unknown> {
  const command = decodeWholeFrame(frame)
  return { ...decodedHeader(command), bodyHex: command.body.length === 0 ? null : command.body.toString('hex') }
}

/** `decoded` without the body. */
export function decodedHeader(command: RemotingCommand): Record<string, unknown> {
  const { code, language = null, version, opaque, flag, remark = null, serializeType } = command
  const plain = {
    code,
    language,
    version,
    opaque,
    flag,
    isResponse: isResponse(command),
    isOneway: isOneway(command),
    remark,
  }
  if (command.extFields === undefined) return { ...plain, extFields: null, serializeType }
  // Java keeps the value of a binary field without a name under the null key of its map.
  const { '': unnamed, ...named } = command.extFields
  if (unnamed === undefined || serializeType === 'JSON')
    return { ...plain, extFields: { ...command.extFields }, serializeType }
  return { ...plain, extFields: named, serializeType, extNullKeyValue: unnamed }
}
