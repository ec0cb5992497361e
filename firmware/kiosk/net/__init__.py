"""
The network under the API: URLs, connections, HTTP/1.1, and what all calls of a mini-program share.

From the bottom up, each knowing only what stands before it: reasons, url; resolve, roots, trust; stream; pool; message,
body, inflate; http; activity, domains; request (which answers wx.request).  Nothing here imports `wx` or a driver.
"""
