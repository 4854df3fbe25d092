import { bytes } from './body'
import { command } from './command'
import { boolean, int, long, optional, string } from './field'
import { TARGET_BROKER } from './rpc'

/**
 * Commits or rolls back a half message: its offsets, and the transaction bits of `MessageSysFlag`. Other bits leave it
 * open, and such a request has no answer. Clients send it oneway as a rule; brokers answer where it is not.
 */
export const END_TRANSACTION = command('END_TRANSACTION', {
  code: 37,
  peer: 'broker',
  request: {
    header: {
      topic: optional(string),
      producerGroup: string,
      tranStateTableOffset: long,
      commitLogOffset: long,
      commitOrRollback: int,
      fromTransactionCheck: optional(boolean),
      msgId: string,
      transactionId: optional(string),
      ...TARGET_BROKER,
    },
  },
  response: {},
})

/** Asks a producer, any one of the group, what became of the transaction of the half message in the body; oneway. */
export const CHECK_TRANSACTION_STATE = command('CHECK_TRANSACTION_STATE', {
  code: 39,
  peer: 'client',
  request: {
    header: {
      topic: optional(string),
      tranStateTableOffset: long,
      commitLogOffset: long,
      msgId: optional(string),
      transactionId: optional(string),
      offsetMsgId: optional(string),
      ...TARGET_BROKER,
    },
    body: bytes,
  },
})
