import { openConsume, openKeyOrdered, openOrderly, openPop } from './ours/consume'
import { openEndToEnd } from './ours/end-to-end'
import { openLitePull } from './ours/lite-pull'
import { openRequestReply } from './ours/request-reply'
import { openAutoBatch, openBatch, openOneway, openSend } from './ours/send'
import { openTransaction } from './ours/transaction'
import { serveRounds } from './rounds'

serveRounds({
  send: openSend,
  oneway: openOneway,
  batch: openBatch,
  'auto-batch': openAutoBatch,
  consume: openConsume,
  orderly: openOrderly,
  'key-ordered': openKeyOrdered,
  pop: openPop,
  'lite-pull': openLitePull,
  'end-to-end': openEndToEnd,
  transaction: openTransaction,
  'request-reply': openRequestReply,
})
