import { serveRounds } from '../../drivers/rounds'
import { openConsume } from './consume'
import { loadAliOns } from './library'
import { openSend } from './send'

const library = loadAliOns(process.argv.at(-2) ?? '')

serveRounds({
  send: setup => openSend(library, setup),
  consume: setup => openConsume(library, setup),
})
