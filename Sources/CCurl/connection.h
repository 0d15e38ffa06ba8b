// Doors for the load engine's connections: dialling through a multi handle, raw send and receive, epoll.
#ifndef LOADCHAOS_CCURL_CONNECTION_H
#define LOADCHAOS_CCURL_CONNECTION_H
#include <curl/curl.h>
#endif
