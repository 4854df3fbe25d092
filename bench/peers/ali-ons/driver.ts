import { serveRounds } from '../../drivers/rounds'
import { openConsume } from './consume'
import { openEndToEnd } from './end-to-end'
import { loadAliOns } from './library'
import { openSend } from './send'

const library = loadAliOns(process.argv.at(-2) ?? '')

serveRounds({
  send: setup => openSend(library, setup),
  consume: setup => openConsume(library, setup),
  'end-to-end': setup => openEndToEnd(library, setup),
})
