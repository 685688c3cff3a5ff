/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "layer-list.h"

#include <stdexcept>

namespace ns3
{
namespace learning
{

namespace
{

/// Reads one list, from left to right.
class LayerListReader
{
  public:
    LayerListReader(const std::string& what, const std::string& text, const SampleShape& shape)
        : m_what(what),
          m_text(text),
          m_shape(shape)
    {
    }

    std::vector<Layer> Read()
    {
        while (m_position < m_text.size())
        {
            m_begin = m_position;
            ReadLayer();
            if (m_position < m_text.size() && (!Take(",") || m_position == m_text.size()))
            {
                Fail(m_position, "a comma and another layer, or the end, are expected");
            }
        }
        return std::move(m_layers);
    }

  private:
    void ReadLayer()
    {
        if (Take("conv"))
        {
            Windows windows = MakeWindows();
            windows.kernel = ReadNumber(1);
            if (!Take("x"))
            {
                Fail(m_position, "an x and the number of filters are expected, such as conv5x16");
            }
            windows.filters = ReadNumber(1);
            windows.stride = Take("s") ? ReadNumber(1) : 1;
            windows.padding = Take("p") ? ReadNumber(0) : 0;
            if (windows.padding >= windows.kernel)
            {
                Fail(m_begin,
                     "the padding must be below the kernel's " + std::to_string(windows.kernel));
            }
            AddWindows(Layer::CONVOLUTION, windows);
        }
        else if (Take("pool"))
        {
            Windows windows = MakeWindows();
            windows.kernel = ReadNumber(1);
            windows.filters = windows.channels;
            windows.stride = Take("s") ? ReadNumber(1) : windows.kernel;
            AddWindows(Layer::MAX_POOL, windows);
        }
        else if (Take("dense"))
        {
            const uint32_t outputs = ReadNumber(1);
            m_layers.push_back(
                MakeAffineLayer(m_shape.GetSize(), outputs, Layer::HE_UNIFORM, false));
            m_shape = {1, 1, outputs};
            m_flat = true;
        }
        else if (Take("relu"))
        {
            if (m_layers.empty() || m_layers.back().relu)
            {
                Fail(m_begin, "relu must follow a conv, pool or dense");
            }
            m_layers.back().relu = true;
        }
        else
        {
            Fail(m_position, "one of conv, pool, dense and relu is expected");
        }
    }

    Windows MakeWindows() const
    {
        if (m_flat)
        {
            Fail(m_begin, "no conv or pool may follow a dense");
        }
        Windows windows;
        windows.channels = m_shape.channels;
        windows.height = m_shape.height;
        windows.width = m_shape.width;
        return windows;
    }

    void AddWindows(Layer::Kind kind, Windows windows)
    {
        const uint64_t height = uint64_t(windows.height) + 2 * uint64_t(windows.padding);
        const uint64_t width = uint64_t(windows.width) + 2 * uint64_t(windows.padding);
        if (windows.kernel > height || windows.kernel > width)
        {
            Fail(m_begin,
                 "its kernel of " + std::to_string(windows.kernel) + " does not fit an image of " +
                     std::to_string(height) + " x " + std::to_string(width));
        }
        windows.outHeight = static_cast<uint32_t>((height - windows.kernel) / windows.stride + 1);
        windows.outWidth = static_cast<uint32_t>((width - windows.kernel) / windows.stride + 1);
        const double outputs = double(windows.filters) * windows.outHeight * windows.outWidth;
        const double patch = double(windows.channels) * windows.kernel * windows.kernel;
        if (outputs > INT32_MAX || patch * windows.outHeight * windows.outWidth > INT32_MAX ||
            patch * windows.filters > INT32_MAX)
        {
            Fail(m_begin, "the layer is too large: 2147483647 weights or outputs are legal");
        }
        Layer layer;
        layer.kind = kind;
        layer.start = Layer::HE_UNIFORM;
        layer.inputs = m_shape.GetSize();
        layer.outputs = static_cast<uint32_t>(outputs);
        layer.windows = windows;
        m_layers.push_back(layer);
        m_shape = {windows.filters, windows.outHeight, windows.outWidth};
    }

    bool Take(const std::string& word)
    {
        if (m_text.compare(m_position, word.size(), word) != 0)
        {
            return false;
        }
        m_position += word.size();
        return true;
    }

    uint32_t ReadNumber(uint32_t least)
    {
        constexpr uint32_t MOST = 1 << 20;
        const std::size_t begin = m_position;
        uint32_t number = 0;
        while (m_position < m_text.size() && m_text[m_position] >= '0' &&
               m_text[m_position] <= '9' && number <= MOST)
        {
            number = 10 * number + (m_text[m_position++] - '0');
        }
        if (m_position == begin || number < least || number > MOST)
        {
            Fail(begin,
                 "a number from " + std::to_string(least) + " to " + std::to_string(MOST) +
                     " is expected");
        }
        return number;
    }

    [[noreturn]] void Fail(std::size_t position, const std::string& problem) const
    {
        throw std::invalid_argument(m_what + ": '" + m_text + "' is wrong at character " +
                                    std::to_string(position + 1) + ": " + problem);
    }

    std::string m_what;          //!< what the list is
    std::string m_text;          //!< the list
    SampleShape m_shape;         //!< of the outputs of the layers so far
    bool m_flat{false};          //!< whether a dense layer came
    std::size_t m_position{0};   //!< next character
    std::size_t m_begin{0};      //!< first character of the layer being read
    std::vector<Layer> m_layers; //!< the layers so far
};

} // namespace

std::vector<Layer>
ParseLayerList(const std::string& what, const std::string& text, const SampleShape& shape)
{
    return LayerListReader(what, text, shape).Read();
}

} // namespace learning
} // namespace ns3
