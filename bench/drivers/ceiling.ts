import { openPull } from './ceiling/pull'
import { openSend } from './ceiling/send'
import { serveRounds } from './rounds'

serveRounds({ send: openSend, batch: openSend, consume: openPull })
