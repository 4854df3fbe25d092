import { decodeBatchBody, encodeBatchBody } from '../../../lib/wire/batch-body'
import { damaged } from '../damaged'
import { type FuzzTarget, refusedOr } from '../fuzz-target'

const one = encodeBatchBody([{ flag: 0, body: Buffer.from('body'), properties: 'a\u0001b\u0002' }])

/** Bodies that hold several messages. */
export const batchBody: FuzzTarget = {
  name: 'batch-body',
  input: damaged([one, Buffer.concat([one, one])]),
  read: bytes => void refusedOr(['MESSAGE_UNREADABLE'], () => decodeBatchBody(bytes)),
}
