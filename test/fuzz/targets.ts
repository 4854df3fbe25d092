import type { FuzzTarget } from './fuzz-target'
import { batchBody } from './targets/batch-body'
import { frames } from './targets/frames'
import { jsonBody } from './targets/json-body'
import { jsonHeader } from './targets/json-header'
import { lz4 } from './targets/lz4'
import { properties } from './targets/properties'
import { spool } from './targets/spool'
import { storedMessages } from './targets/stored-messages'
import { texts } from './targets/texts'
import { zstd } from './targets/zstd'

/** Every reader of bytes that strangers, or a crash, may have written; a new one is a file in `targets/` and a line here. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  frames,
  jsonHeader,
  jsonBody,
  storedMessages,
  properties,
  batchBody,
  lz4,
  texts,
  zstd,
  spool,
]
