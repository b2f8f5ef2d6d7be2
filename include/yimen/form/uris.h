// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// The namespaces that an XForm is written in.

#define XFORMS_URI "http://www.w3.org/2002/xforms"
#define XHTML_URI "http://www.w3.org/1999/xhtml"
#define JAVAROSA_URI "http://openrosa.org/javarosa"
#define OPENROSA_URI "http://openrosa.org/xforms"
#define ODK_URI "http://www.opendatakit.org/xforms"
