import assert from 'node:assert/strict'
import { encodeRecord, scanRecords, type SpooledMessage } from '../../../lib/producer/outbox/spool-record'
import { damaged } from '../damaged'
import type { FuzzTarget } from '../fuzz-target'

const message: SpooledMessage = {
  msgId: '7F000001000000000000000000000001',
  topic: 'Orders',
  body: Buffer.from('hello'),
  properties: 'UNIQ_KEY\u00017F000001000000000000000000000001\u0002',
  flag: 0,
  sysFlag: 0,
  isTimer: false,
  maybeSent: false,
  spooledAt: 1_700_000_000_000,
}
const samples = [
  encodeRecord(message),
  encodeRecord({ ...message, shardingKey: 'k', queue: { brokerName: 'broker-a', queueId: 1 } }),
  // The mark of a record within a body.
  encodeRecord({ ...message, body: Buffer.from('RWOB') }),
]

/** Segments of an outbox, as a crash or a bad disk leaves them: nothing that is sound is lost, nothing counts twice. */
export const spool: FuzzTarget = {
  name: 'spool',
  input: damaged(samples),
  read: bytes => {
    const { records, end, damagedBytes } = scanRecords(bytes)
    assert.ok(end <= bytes.length)
    assert.equal(
      records.reduce((sum, { size }) => sum + size, damagedBytes),
      end,
    )
    for (const { offset, size } of records) {
      const alone = scanRecords(bytes.subarray(offset, offset + size))
      assert.deepEqual([alone.records.length, alone.end, alone.damagedBytes], [1, size, 0])
    }
  },
}
