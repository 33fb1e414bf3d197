package dev.banyan.photos;

/** Line icons of 24 x 24, drawn in the text's colour; hidden from screen readers, so that a label must stand beside them. */
enum Icon {
    LOGO("<circle cx='12' cy='12' r='9'/><path d='M12 3v7.5M20.5 9l-7 3.2M18.4 18.4l-5.2-5.3M8.6 20.3l2.3-7M3.3 14.6l6.6-3.5M5 6.5l5.8 4.2'/>"),
    HOME("<path d='M3 11.5 12 4l9 7.5M5.5 9.8V20h13V9.8M10 20v-6h4v6'/>"),
    EXPLORE("<circle cx='12' cy='12' r='9'/><path d='m15.5 8.5-2 5-5 2 2-5z'/>"),
    UPLOAD("<path d='M12 15.5V4m0 0L7.5 8.5M12 4l4.5 4.5M4 15v4a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-4'/>"),
    PERSON("<circle cx='12' cy='8' r='4'/><path d='M4.5 20.5a7.5 7.5 0 0 1 15 0'/>"),
    HEART("<path d='M12 20.3S3.5 15.4 3.5 9.2A4.7 4.7 0 0 1 12 6.4a4.7 4.7 0 0 1 8.5 2.8c0 6.2-8.5 11.1-8.5 11.1z'/>"),
    COMMENT("<path d='M20.5 11.6c0 4.2-3.8 7.6-8.5 7.6-1 0-2-.2-3-.5l-4.6 1.6 1.2-3.9a7.1 7.1 0 0 1-2.1-4.8C3.5 7.4 7.3 4 12 4s8.5 3.4 8.5 7.6z'/>"),
    SEARCH("<circle cx='11' cy='11' r='6.5'/><path d='m16 16 4.5 4.5'/>");

    private final Html html;

    Icon(String paths) {
        html = Html.html("<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\">" + paths.replace('\'', '"') + "</svg>");
    }

    Html html() {
        return html;
    }
}
