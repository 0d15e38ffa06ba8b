// Doors for the plain client: one request, one whole answer.
#ifndef LOADCHAOS_CCURL_CLIENT_H
#define LOADCHAOS_CCURL_CLIENT_H
#include <curl/curl.h>
#endif
