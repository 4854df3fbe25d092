import {
  compressionType,
  needsUnwrap,
  SYS_FLAG,
  transactionValue,
  withTransactionValue,
} from '../../../lib/model/sys-flag'
import { RocketMQError } from '../../../lib/errors'
import { inflate } from '../../../lib/wire/compression'
import { unwrapInnerBatch } from '../../../lib/wire/inner-batch'
import type { StoredMessage } from '../../../lib/wire/stored-message'
import { closedMessages, plainMessage, readableMessages } from '../plain-message'

const CAP = 16_777_216

export const ops = {
  /** The outer message alone, its unwrapping by hand, and both together as a consumer does it. */
  unwrap: async (input: Record<string, unknown>) => {
    const source = Buffer.from(String(input['bufferHex']), 'hex')
    const outer = await inflatedMessage(source)
    const inner = needsUnwrap(outer.sysFlag) ? unwrapInnerBatch(outer) : []
    const opened = await readableMessages(source)
    expect(opened.map(plainMessage)).toEqual((inner.length === 0 ? [outer] : inner).map(plainMessage))
    return {
      needUnwrap: needsUnwrap(outer.sysFlag),
      outer: plainMessage(outer),
      innerCount: inner.length,
      inner: inner.map(message => withoutOffsetMsgId(plainMessage(message), outer)),
    }
  },

  flags: (input: Record<string, unknown>) => {
    const sysFlag = input['sysFlag'] as number
    const compression = compressionType(sysFlag)
    if (compression === undefined) throw new RocketMQError('MESSAGE_UNREADABLE', 'no such compression')
    return {
      innerBatch: (sysFlag & SYS_FLAG.INNER_BATCH) !== 0,
      needUnwrap: (sysFlag & SYS_FLAG.NEED_UNWRAP) !== 0,
      transactionValue: transactionValue(sysFlag),
      clearCompressed: sysFlag & ~SYS_FLAG.COMPRESSED,
      compression,
      resetToCommit: withTransactionValue(sysFlag, SYS_FLAG.TRANSACTION_COMMIT),
      resetToRollback: withTransactionValue(sysFlag, SYS_FLAG.TRANSACTION_ROLLBACK),
    }
  },
}

export const fields = {
  unwrap: { in: ['bufferHex'], out: ['needUnwrap', 'outer', 'innerCount', 'inner'] },
  flags: {
    in: ['sysFlag'],
    out: [
      'innerBatch',
      'needUnwrap',
      'transactionValue',
      'clearCompressed',
      'compression',
      'resetToCommit',
      'resetToRollback',
    ],
  },
}

async function inflatedMessage(source: Buffer): Promise<StoredMessage> {
  const [outer] = closedMessages(source)
  if (outer === undefined) throw new RocketMQError('MESSAGE_UNREADABLE', 'no record')
  const type = compressionType(outer.sysFlag)
  if ((outer.sysFlag & SYS_FLAG.COMPRESSED) !== 0 && type !== undefined) {
    outer.inflated(await inflate(type, outer.body, CAP))
  }
  return outer
}

/** Java leaves the offset id of unwrapped messages empty; ours have the outer record's, and where it is their only id it is the msgId. */
function withoutOffsetMsgId(plain: Record<string, unknown>, outer: StoredMessage): Record<string, unknown> {
  expect(plain['offsetMsgId']).toBe(outer.offsetMsgId)
  return { ...plain, offsetMsgId: null, msgId: plain['msgId'] === outer.offsetMsgId ? null : plain['msgId'] }
}
