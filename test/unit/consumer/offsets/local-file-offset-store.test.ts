import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { LocalFileOffsetStore } from '../../../../lib/consumer/offsets/local-file-offset-store'

const q0 = { topic: 'T', brokerName: 'a', queueId: 0 }
const q1 = { topic: 'T', brokerName: 'a', queueId: 1 }
const ANY = { increaseOnly: false }

/** As Java's `OffsetSerializeWrapper.toJson(true)` writes it: with objects as keys. */
const JAVA_FILE = `{
\t"offsetTable":{
\t\t{
\t\t\t"brokerName":"a",
\t\t\t"queueId":0,
\t\t\t"topic":"T"
\t\t}:123,{
\t\t\t"brokerName":"a",
\t\t\t"queueId":1,
\t\t\t"topic":"T"
\t\t}:9007199254740991
\t}
}`

let directory: string

function store(clientId = '10.0.0.1@DEFAULT'): LocalFileOffsetStore {
  return new LocalFileOffsetStore({ clientId, consumerGroup: 'g', directory })
}

async function place(text: string, path = store().path): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

async function loaded(): Promise<LocalFileOffsetStore> {
  const fresh = store()
  await fresh.load()
  return fresh
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rocketwire-offsets-'))
})

afterEach(() => rm(directory, { recursive: true, force: true }))

describe('the file of offsets', () => {
  it('lies where Java looks for it', () => {
    expect(store().path).toBe(join(directory, '10.0.0.1@DEFAULT', 'g', 'offsets.json'))
    expect(new LocalFileOffsetStore({ clientId: 'c', consumerGroup: 'g' }).path).toBe(
      join(homedir(), '.rocketmq_offsets', 'c', 'g', 'offsets.json'),
    )
  })

  it('has no colons of an IPv6 id in its name', () => {
    expect(store('fe80::1@DEFAULT').path).toBe(join(directory, 'fe80__1@DEFAULT', 'g', 'offsets.json'))
  })

  it('is read in the form that Java writes', async () => {
    await place(JAVA_FILE)
    const file = await loaded()
    await expect(file.read(q0)).resolves.toBe(123)
    expect(file.current(q1)).toBe(9_007_199_254_740_991)
  })

  it('may be missing or empty: then nothing was ever consumed', async () => {
    await expect((await loaded()).read(q0)).resolves.toBeUndefined()
    await place('')
    await expect((await loaded()).read(q0)).resolves.toBeUndefined()
  })

  it('is written with objects as keys, whole, and read back', async () => {
    const file = await loaded()
    file.update(q0, 5, ANY)
    file.update(q1, 7, ANY)
    await file.persist([q0, q1])
    const text = await readFile(file.path, 'utf8')
    expect(text.replaceAll(/\s/g, '')).toBe(
      '{"offsetTable":{{"topic":"T","brokerName":"a","queueId":0}:5,{"topic":"T","brokerName":"a","queueId":1}:7}}',
    )
    await expect((await loaded()).read(q1)).resolves.toBe(7)
  })

  it('replaces the one before, which stays as .bak, and leaves nothing else behind', async () => {
    const file = await loaded()
    for (const offset of [5, 6]) {
      file.update(q0, offset, ANY)
      await file.persist([q0])
    }
    expect((await readdir(dirname(file.path))).sort()).toEqual(['offsets.json', 'offsets.json.bak'])
    expect(await readFile(`${file.path}.bak`, 'utf8')).toContain(':5')
  })

  it('is not touched while nothing has changed', async () => {
    const file = await loaded()
    file.update(q0, 5, ANY)
    await file.persist([q0])
    await rm(file.path)
    await file.persist([q0])
    await expect(readFile(file.path)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('keeps the offsets of queues that are not consumed at present', async () => {
    await place(JAVA_FILE)
    const file = await loaded()
    file.remove(q1)
    file.update(q0, 124, ANY)
    await file.persist([q0])
    const again = await loaded()
    expect([again.current(q0), again.current(q1)]).toEqual([124, 9_007_199_254_740_991])
  })

  it.each([
    ['cut', JAVA_FILE.slice(0, 60)],
    ['empty', ''],
    ['no offsets at all', 'hello'],
  ])('that is %s is passed over for the one before', async (_, damaged) => {
    const file = await loaded()
    await place(damaged)
    await place(JAVA_FILE, `${file.path}.bak`)
    await file.load()
    expect(file.current(q0)).toBe(123)
  })

  it('is found under .bak where a crash came between two renames', async () => {
    await place(JAVA_FILE, `${store().path}.bak`)
    expect((await loaded()).current(q0)).toBe(123)
  })

  it.each(['{ torn', ''])('that is %j gives way to the one before it, and never takes its place', async text => {
    await place(JAVA_FILE, `${store().path}.bak`)
    await place(text)
    const again = await loaded()
    expect(again.current(q0)).toBe(123)
    again.update(q0, 124, ANY)
    await again.persist([q0])
    expect(await readFile(`${again.path}.bak`, 'utf8')).toBe(JAVA_FILE)
    expect((await loaded()).current(q0)).toBe(124)
  })

  it('that cannot be read, with nothing before it, is a typed error with the cure', async () => {
    await place('{"offsetTable":')
    await expect(store().load()).rejects.toMatchObject({
      code: 'OFFSET_STORE_FAILED',
      group: 'g',
      message: expect.stringContaining(`${store().path} cannot be read: repair it, or remove it`),
    })
    await place('{]', `${store().path}.bak`)
    await expect(store().load()).rejects.toMatchObject({ code: 'OFFSET_STORE_FAILED' })
  })

  it('holds the newest of many writes at a time', async () => {
    const file = await loaded()
    const writes: Promise<void>[] = []
    for (let offset = 1; offset <= 20; offset++) {
      file.update(offset % 2 === 0 ? q0 : q1, offset, ANY)
      writes.push(file.persist([q0, q1]))
    }
    await Promise.all(writes)
    const again = await loaded()
    expect([again.current(q0), again.current(q1)]).toEqual([20, 19])
  })

  it('is written again after a failure, which is a typed error', async () => {
    const file = await loaded()
    await writeFile(join(directory, '10.0.0.1@DEFAULT'), 'a file where a folder is to be')
    file.update(q0, 5, ANY)
    const failed = file.persist([q0])
    file.update(q1, 6, ANY)
    const failedToo = file.persist([q1])
    await Promise.all([
      expect(failed).rejects.toMatchObject({
        code: 'OFFSET_STORE_FAILED',
        message: expect.stringContaining(file.path),
      }),
      expect(failedToo).rejects.toMatchObject({ code: 'OFFSET_STORE_FAILED' }),
    ])
    await rm(join(directory, '10.0.0.1@DEFAULT'))
    await file.persist([q0, q1])
    const again = await loaded()
    expect([again.current(q0), again.current(q1)]).toEqual([5, 6])
  })

  it('follows a reset, and goes on from there', async () => {
    const file = await loaded()
    file.update(q0, 50, ANY)
    file.freeze(q0, 10)
    file.update(q0, 51, { increaseOnly: true })
    await file.persist([q0])
    file.remove(q0)
    await expect(file.read(q0)).resolves.toBe(10)
    file.update(q0, 11, { increaseOnly: true })
    expect(file.current(q0)).toBe(11)
  })
})
