import files from 'node:fs/promises'
import { hostname } from 'node:os'
import { isAlive, ownerOf, thisOwner } from '../../../../lib/producer/outbox/lock-owner'

/** Above what systems number their processes with. */
const NOBODY = 0x7ffffffe

describe('the owner of a lock', () => {
  it('is this process, with another token each time', async () => {
    const [one, two] = [await thisOwner(files), await thisOwner(files)]
    expect(one).toEqual({ ...two, token: one.token })
    expect([one.pid, one.host, one.token === two.token]).toEqual([process.pid, hostname(), false])
    expect(ownerOf(Buffer.from(JSON.stringify(one)))).toEqual(one)
  })

  it('is nobody where it cannot be read', () => {
    expect(['', 'garbage', '{}', '{"pid":"1"}', 'null'].map(text => ownerOf(Buffer.from(text)))).toEqual(
      Array.from({ length: 5 }, () => undefined),
    )
  })

  it('is alive, gone, or of another host or container, where nothing can be told', async () => {
    const own = await thisOwner(files)
    expect(await isAlive(files, own)).toBe(true)
    expect(await isAlive(files, { ...own, pid: NOBODY })).toBe(false)
    expect(await isAlive(files, { ...own, host: 'elsewhere' })).toBeUndefined()
    expect(await isAlive(files, { ...own, space: 'elsewhere' })).toBeUndefined()
  })

  it('is gone where another process has its number now', async () => {
    const own = await thisOwner(files)
    expect(await isAlive(files, { ...own, began: own.began === '' ? '' : '1' })).toBe(own.began === '')
  })
})
