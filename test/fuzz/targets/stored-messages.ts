import assert from 'node:assert/strict'
import { deflateSync } from 'node:zlib'
import { SYS_FLAG, compressionBits } from '../../../lib/model/sys-flag'
import { RocketMQError } from '../../../lib/errors'
import { encodeBatchBody } from '../../../lib/wire/batch-body'
import { openBodies } from '../../../lib/wire/open-bodies'
import type { StoredMessage } from '../../../lib/wire/stored-message'
import { decodeStoredMessages } from '../../../lib/wire/stored-message-decoder'
import { encodeLz4Frame } from '../../support/lz4-encoder'
import { CONTEXT, recordBytes } from '../../support/records'
import { damaged } from '../damaged'
import type { FuzzTarget } from '../fuzz-target'

const CAP = 100_000
const BODY = Buffer.from('hello hello hello hello')
const inner = encodeBatchBody([
  { flag: 1, body: BODY, properties: 'KEYS\u0001k\u0002' },
  { flag: 2, body: BODY, properties: '' },
])
const { INNER_BATCH, NEED_UNWRAP } = SYS_FLAG
const samples = [
  recordBytes({ properties: 'TAGS\u0001a\u0002KEYS\u0001k l\u0002UNIQ_KEY\u0001ID\u0002' }),
  recordBytes({ bornHost: '[::1]:1', storeHost: '[::1]:2', topic: 'T'.repeat(200) }),
  recordBytes({ sysFlag: compressionBits('ZLIB'), body: deflateSync(BODY) }),
  recordBytes({ sysFlag: compressionBits('ZLIB'), body: deflateSync(Buffer.alloc(2 * CAP)) }),
  recordBytes({ sysFlag: compressionBits('LZ4'), body: encodeLz4Frame(BODY, { contentChecksum: true }) }),
  recordBytes({ sysFlag: compressionBits('ZSTD'), body: Buffer.from('28b52ffd0401000068656c6c6f', 'hex') }),
  recordBytes({ sysFlag: INNER_BATCH | NEED_UNWRAP, body: inner }),
]

/** Messages of a pull, down to their bodies. */
export const storedMessages: FuzzTarget = {
  name: 'stored-messages',
  input: damaged(samples),
  read: async bytes => {
    const { messages, damage, intact } = decodeStoredMessages(bytes, CONTEXT)
    assert.ok(damage === undefined || damage.code === 'PROTOCOL_ERROR')
    assert.ok(intact <= messages.length)
    for (const message of await openBodies(messages, { maxBodyBytes: CAP })) readAll(message)
  },
}

function readAll(message: StoredMessage): void {
  const { unreadable } = message
  assert.ok(unreadable === undefined || RocketMQError.is(unreadable), 'a message is unreadable for no reason of ours')
  assert.equal(typeof JSON.stringify(message), 'string')
  if (unreadable !== undefined) return
  assert.ok(Number.isSafeInteger(message.commitLogOffset) && Number.isSafeInteger(message.bornTimestamp))
  assert.ok(message.body.length <= Math.max(CAP, message.storeSize), `a body of ${message.body.length} bytes`)
  assert.deepEqual(message.copy().body, message.body)
  for (const name of Object.keys(message.properties)) assert.equal(message.property(name), message.properties[name])
}
