import { readFastjson } from '../../lib/wire/fastjson-reader'
import { encodeFrame } from '../../lib/wire/frame-writer'
import type { RemotingCommand } from '../../lib/wire/remoting-command'
import { disagreement } from './java-value'
import { decodedFrame, decodedHeader } from './plain-frame'
import { plainMessage, readableMessages } from './plain-message'

/** A body as it was recorded: JSON with what Java read from it, stored messages, text, or just its length. */
interface CapturedBody {
  readonly class?: string
  readonly value?: unknown
  readonly text?: string
  readonly length?: number
  readonly messages?: unknown
}

const KNOWN = ['class', 'value', 'text', 'length', 'messages']

/** Compares header and body of a recorded frame, and that it survives being written and read again. */
export async function expectCaptured(command: RemotingCommand, out: Record<string, unknown>): Promise<void> {
  expect(decodedHeader(command)).toEqual(out['decoded'])
  expectRewritable(command)
  const body = out['body'] as CapturedBody | null
  if (body === null) {
    expect(command.body).toHaveLength(0)
    return
  }
  expect(KNOWN).toEqual(expect.arrayContaining(Object.keys(body)))
  if (body.length !== undefined) expect(command.body).toHaveLength(body.length)
  if (body.text !== undefined) expect(command.body.toString()).toBe(body.text)
  if (body.messages !== undefined)
    expect((await readableMessages(command.body)).map(plainMessage)).toEqual(body.messages)
  if (body.value !== undefined) {
    expect(disagreement(readFastjson(command.body), body.value, { complete: false })).toBeUndefined()
  }
}

/** A frame written from what was read says the same. */
export function expectRewritable(command: RemotingCommand): void {
  const { language = 'OTHER' } = command
  const again = decodedFrame(encodeFrame({ ...command, language }))
  const { bodyHex, ...header } = again
  expect(bodyHex ?? '').toBe(command.body.toString('hex'))
  expect(header).toEqual({ ...decodedHeader(command), language })
}
