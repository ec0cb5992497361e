"""Scenarios of the chapter "Network", against httpbin; see tests/conformance/proof.py."""

_TEMPORARY = "wxfile://usr/sent.txt"


async def a_request(t):
    """wx.request"""
    res = await wx.request(
        url=t.http + "/anything?a=1", method="POST", data={"b": "é"}, header={"X-Test": "yes"}, timeout=9000
    )
    assert res.statusCode == 200 and res.data["json"] == {"b": "é"} and res.data["args"] == {"a": "1"}
    assert res.data["headers"]["X-Test"] == "yes" and res.header["Content-Type"] == "application/json"
    t.observe("RequestProfile", res.profile)
    t.observe("RequestException", res.exception)
    raw = await wx.request(url=t.http + "/bytes/10", responseType="arraybuffer")
    assert len(raw.data) == 10 and isinstance(raw.data, (bytes, bytearray))
    text = await wx.request(url=t.http + "/get", dataType="text")
    assert text.data[0] == "{"
    moved = await wx.request(url=t.http + "/redirect-to?url=/get", redirect="manual")
    assert moved.statusCode == 302
    exc = await t.fails(lambda: wx.request(url="http://127.0.0.1:1/"), 600001, "request:fail")
    assert exc.useHttpDNS is False and exc.exception is not None


async def aborting(t):
    """RequestTask.abort"""
    results = []
    task = wx.request(url=t.http + "/delay/1", fail=results.append, success=results.append)
    task.abort()
    await t.until(lambda: results)
    assert results[0].errMsg == "request:fail abort"


async def hearing_of_headers(t):
    """RequestTask.onHeadersReceived RequestTask.offHeadersReceived"""
    seen, never = [], []
    task = wx.request(url=t.http + "/response-headers?X-Test=yes")
    task.onHeadersReceived(seen.append)
    task.onHeadersReceived(never.append)
    task.offHeadersReceived(never.append)
    await task
    assert len(seen) == 1 and never == []
    assert seen[0].header["X-Test"] == "yes" and seen[0].statusCode == 200 and seen[0].cookies == []


async def hearing_of_chunks(t):
    """RequestTask.onChunkReceived RequestTask.offChunkReceived"""
    seen, never = [], []
    task = wx.request(url=t.http + "/stream-bytes/5000?seed=1&chunk_size=1000", enableChunked=True)
    listener = never.append
    task.onChunkReceived(lambda res: seen.append(len(res.data)))
    task.onChunkReceived(listener)
    task.offChunkReceived(listener)
    await task
    assert sum(seen) == 5000 and len(seen) > 1 and never == []


def _file():
    fs = wx.getFileSystemManager()
    fs.writeFileSync(_TEMPORARY, "0123456789" * 500)
    return _TEMPORARY


async def an_upload(t):
    """wx.uploadFile"""
    res = await wx.uploadFile(
        url=t.http + "/post",
        filePath=_file(),
        name="photo",
        formData={"user": "é"},
        header={"X-Test": "yes"},
        timeout=9000,
    )
    assert res.statusCode == 200 and isinstance(res.data, str)
    import json

    heard = json.loads(res.data)
    assert heard["files"] == {"photo": "0123456789" * 500} and heard["form"] == {"user": "é"}
    assert heard["headers"]["X-Test"] == "yes"
    await t.fails(lambda: wx.uploadFile(url=t.http + "/post", filePath="wxfile://usr/none", name="a"), 1300002)


async def upload_tasks(t):
    """UploadTask.abort UploadTask.onProgressUpdate UploadTask.offProgressUpdate UploadTask.onHeadersReceived UploadTask.offHeadersReceived"""
    options = {"url": t.http + "/post", "filePath": _file(), "name": "photo"}
    heads, progress, never = [], [], []
    listener = never.append
    task = wx.uploadFile(options)
    task.onHeadersReceived(heads.append)
    task.onProgressUpdate(progress.append)
    for on, off in ((task.onHeadersReceived, task.offHeadersReceived), (task.onProgressUpdate, task.offProgressUpdate)):
        on(listener)
        off(listener)
    await task
    assert len(heads) == 1 and heads[0].header["Content-Type"] and never == []
    last = progress[-1]
    assert last.progress == 100 and last.totalBytesSent == last.totalBytesExpectedToSend >= 5000
    results = []
    options["complete"] = results.append
    wx.uploadFile(options).abort()
    await t.until(lambda: results)
    assert results[0].errMsg == "uploadFile:fail abort"


async def a_download(t):
    """wx.downloadFile"""
    fs = wx.getFileSystemManager()
    res = await wx.downloadFile(url=t.http + "/range/5000", header={"X-Test": "yes"}, timeout=9000)
    assert res.statusCode == 200 and fs.statSync(res.tempFilePath).size == 5000
    own = await wx.downloadFile(url=t.http + "/range/500", filePath="wxfile://usr/own")
    assert own.filePath == "wxfile://usr/own" and fs.statSync("wxfile://usr/own").size == 500
    await t.fails(lambda: wx.downloadFile(url="http://127.0.0.1:1/"), 600001)


async def download_tasks(t):
    """DownloadTask.abort DownloadTask.onProgressUpdate DownloadTask.offProgressUpdate DownloadTask.onHeadersReceived DownloadTask.offHeadersReceived"""
    heads, progress, never = [], [], []
    listener = never.append
    task = wx.downloadFile(url=t.http + "/range/5000")
    task.onHeadersReceived(heads.append)
    task.onProgressUpdate(progress.append)
    for on, off in ((task.onHeadersReceived, task.offHeadersReceived), (task.onProgressUpdate, task.offProgressUpdate)):
        on(listener)
        off(listener)
    await task
    assert len(heads) == 1 and heads[0].header["Content-Length"] == "5000" and never == []
    last = progress[-1]
    assert last.progress == 100 and last.totalBytesWritten == last.totalBytesExpectedToWrite == 5000
    assert last.totalBytesSent == last.totalBytesExpectedToSend == 5000  # as the seeds name them
    results = []
    wx.downloadFile(url=t.http + "/delay/1", complete=results.append).abort()
    await t.until(lambda: results)
    assert results[0].errMsg == "downloadFile:fail abort"
